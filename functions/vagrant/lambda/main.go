// Command lambda answers the rows of vagrant on AWS.
package main

import (
	"github.com/boxvault/boxvault/functions/core/lambda"
	"github.com/boxvault/boxvault/functions/vagrant"
)

func main() { lambda.Run(vagrant.Group) }
