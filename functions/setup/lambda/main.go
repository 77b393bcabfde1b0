// Command lambda answers the rows of setup on AWS.
package main

import (
	"os"

	sdk "github.com/aws/aws-sdk-go-v2/service/acm"

	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/lambda"
	"github.com/boxvault/boxvault/functions/setup"
	"github.com/boxvault/boxvault/shared/certificate/acm"
	"github.com/boxvault/boxvault/shared/cloud"
	"github.com/boxvault/boxvault/shared/settings"
)

func main() { lambda.Run(setup.Group, withACM) }

func withACM(o *core.Options, _ settings.Settings) error {
	cfg, err := cloud.Configuration(os.Getenv)
	o.Certificates = acm.Manager{Client: sdk.NewFromConfig(cfg, func(o *sdk.Options) { o.BaseEndpoint = cloud.Endpoint("ACM") })}
	return err
}
