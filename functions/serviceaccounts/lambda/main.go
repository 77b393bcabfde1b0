// Command lambda answers the rows of serviceaccounts on AWS.
package main

import (
	"github.com/boxvault/boxvault/functions/core/lambda"
	"github.com/boxvault/boxvault/functions/serviceaccounts"
)

func main() { lambda.Run(serviceaccounts.Group) }
