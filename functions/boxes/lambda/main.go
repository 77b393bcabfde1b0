// Command lambda answers the rows of boxes on AWS.
package main

import (
	"github.com/boxvault/boxvault/functions/boxes"
	"github.com/boxvault/boxvault/functions/core/lambda"
)

func main() { lambda.Run(boxes.Group) }
