// Command synth writes the stacks to cdk.out, for the CDK's command line to deploy (see cdk.json).
package main

import (
	"cmp"
	"fmt"
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/infra"
)

func main() {
	err := synth()
	jsii.Close()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func synth() error {
	app := awscdk.NewApp(&awscdk.AppProps{
		AnalyticsReporting: jsii.Bool(false),
		Outdir:             jsii.String(cmp.Or(os.Getenv("CDK_OUTDIR"), "cdk.out")),
	})
	parameters, err := infra.ReadParameters(func(name string) string {
		if value := app.Node().TryGetContext(jsii.String(name)); value != nil {
			return fmt.Sprint(value)
		}
		return ""
	})
	if err != nil {
		return err
	}
	if _, err := infra.NewCore(app, functions.Groups(), parameters); err != nil {
		return err
	}
	app.Synth(nil)
	return nil
}
