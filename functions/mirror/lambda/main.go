// Command lambda answers the rows of mirror on AWS.
package main

import (
	"github.com/boxvault/boxvault/functions/core/lambda"
	"github.com/boxvault/boxvault/functions/mirror"
)

func main() { lambda.Run(mirror.Group) }
