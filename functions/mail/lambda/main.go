// Command lambda answers the rows of mail on AWS.
package main

import (
	"github.com/boxvault/boxvault/functions/core/lambda"
	"github.com/boxvault/boxvault/functions/mail"
)

func main() { lambda.Run(mail.Group) }
