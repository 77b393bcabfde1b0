// Command lambda answers the rows of vagrantcloud on AWS.
package main

import (
	"github.com/boxvault/boxvault/functions/core/lambda"
	"github.com/boxvault/boxvault/functions/vagrantcloud"
)

func main() { lambda.Run(vagrantcloud.Group) }
