// Command lambda answers the rows of admin on AWS.
package main

import (
	"github.com/boxvault/boxvault/functions/admin"
	"github.com/boxvault/boxvault/functions/core/lambda"
)

func main() { lambda.Run(admin.Group) }
