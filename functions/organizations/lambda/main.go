// Command lambda answers the rows of organizations on AWS.
package main

import (
	"github.com/boxvault/boxvault/functions/core/lambda"
	"github.com/boxvault/boxvault/functions/organizations"
)

func main() { lambda.Run(organizations.Group) }
