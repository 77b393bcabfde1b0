// Command lambda answers the rows of webhooks on AWS.
package main

import (
	"github.com/boxvault/boxvault/functions/core/lambda"
	"github.com/boxvault/boxvault/functions/webhooks"
)

func main() { lambda.Run(webhooks.Group) }
