// Command lambda answers the rows of files on AWS.
package main

import (
	"github.com/boxvault/boxvault/functions/core/lambda"
	"github.com/boxvault/boxvault/functions/files"
)

func main() { lambda.Run(files.Group) }
