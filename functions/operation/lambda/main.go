// Command lambda answers the rows of operation on AWS.
package main

import (
	"github.com/boxvault/boxvault/functions/core/lambda"
	"github.com/boxvault/boxvault/functions/operation"
)

func main() { lambda.Run(operation.Group) }
