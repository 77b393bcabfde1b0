// Command lambda answers the rows of hcp on AWS.
package main

import (
	"github.com/boxvault/boxvault/functions/core/lambda"
	"github.com/boxvault/boxvault/functions/hcp"
)

func main() { lambda.Run(hcp.Group) }
