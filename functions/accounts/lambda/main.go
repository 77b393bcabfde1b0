// Command lambda answers the rows of accounts on AWS.
package main

import (
	"github.com/boxvault/boxvault/functions/accounts"
	"github.com/boxvault/boxvault/functions/core/lambda"
)

func main() { lambda.Run(accounts.Group) }
