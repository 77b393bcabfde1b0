// Command lambda sets up what the edge needs, for CloudFormation: its pages in their bucket, and the mark that
// the distribution puts on what it asks the API.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/aws/aws-lambda-go/cfn"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/boxvault/boxvault/functions/edge"
	"github.com/boxvault/boxvault/shared/cloud"
	"github.com/boxvault/boxvault/shared/settings"
)

func main() {
	f, err := open(os.Getenv("BOXVAULT_EDGE"))
	if err != nil {
		_, _ = os.Stderr.WriteString(err.Error() + "\n")
		os.Exit(1)
	}
	lambda.Start(f.handle)
}

// function has a part for each type of resource.
type function struct {
	pages pages
	mark  mark
}

func open(path string) (f function, err error) {
	if path == "" {
		return f, errors.New("the environment variable BOXVAULT_EDGE is not set")
	}
	cfg, err := cloud.Configuration(os.Getenv)
	if err != nil {
		return f, err
	}
	f.pages.client = s3.NewFromConfig(cfg, func(o *s3.Options) {
		o.BaseEndpoint = cloud.Endpoint("S3")
		o.UsePathStyle = o.BaseEndpoint != nil
	})
	f.mark = mark{cloud.OpenParameters(cfg), path + settings.EdgeMark}
	return f, nil
}

// handle does what CloudFormation asks for and tells it how that ended: its own error, after which Lambda starts it
// again, is that it could not tell. It is not cfn.LambdaWrap, whose answers do not say that they hold a secret (NoEcho).
func (f function) handle(ctx context.Context, e cfn.Event) error {
	answer := cfn.NewResponse(&e)
	answer.NoEcho = true
	answer.Status = cfn.StatusSuccess
	var err error
	answer.PhysicalResourceID, answer.Data, err = f.resource(ctx, e)
	if err != nil {
		answer.Status, answer.Reason = cfn.StatusFailed, err.Error()
		_, _ = os.Stderr.WriteString(err.Error() + "\n")
	}
	return answer.Send()
}

func (f function) resource(ctx context.Context, e cfn.Event) (id string, data map[string]any, err error) {
	switch e.ResourceType {
	case edge.Pages:
		id, err = f.pages.resource(ctx, e)
	case edge.Mark:
		id = f.mark.name
		data, err = f.mark.resource(ctx, e.RequestType)
	default:
		id, err = e.RequestID, fmt.Errorf("there is no resource of type %s here", e.ResourceType)
	}
	return id, data, err
}
