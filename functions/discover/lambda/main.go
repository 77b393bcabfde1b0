// Command lambda answers the rows of discover on AWS.
package main

import (
	"github.com/boxvault/boxvault/functions/core/lambda"
	"github.com/boxvault/boxvault/functions/discover"
)

func main() { lambda.Run(discover.Group) }
