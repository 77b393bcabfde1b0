// Command lambda makes the keys that links to files are signed with, for CloudFormation, and rotates
// them, for who invokes it with {"rotate": true}.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/cfn"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"

	"github.com/boxvault/boxvault/shared/blobstore/cloudfront/linkkeys"
	"github.com/boxvault/boxvault/shared/cloud"
	"github.com/boxvault/boxvault/shared/keyring"
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

// function is the keeper and where the id of its key group is.
type function struct {
	linkkeys.Keeper
	group string
}

func open(edge string) (function, error) {
	if edge == "" {
		return function{}, errors.New("the environment variable BOXVAULT_EDGE is not set")
	}
	cfg, err := cloud.Configuration(os.Getenv)
	if err != nil {
		return function{}, err
	}
	return function{linkkeys.Keeper{
		CloudFront: cloudfront.NewFromConfig(cfg, func(o *cloudfront.Options) { o.BaseEndpoint = cloud.Endpoint("CLOUDFRONT") }),
		Parameters: cloud.OpenParameters(cfg),
		Name:       strings.ReplaceAll(strings.Trim(edge, "/"), "/", "-"),
		Keys:       edge + settings.EdgeKeys,
		Now:        time.Now,
	}, edge + settings.EdgeGroup}, nil
}

// handle tells events of CloudFormation from those of people.
func (f function) handle(ctx context.Context, raw json.RawMessage) (any, error) {
	var asked struct {
		RequestType string
		Rotate      bool `json:"rotate"`
	}
	if err := json.Unmarshal(raw, &asked); err != nil {
		return nil, err
	}
	switch {
	case asked.Rotate:
		return f.rotate(ctx)
	case asked.RequestType != "":
		var e cfn.Event
		if err := json.Unmarshal(raw, &e); err != nil {
			return nil, err
		}
		return cfn.LambdaWrap(f.resource)(ctx, e)
	}
	return nil, errors.New(`the event is neither {"rotate": true} nor one of CloudFormation`)
}

func (f function) rotate(ctx context.Context) (keyring.Ring, error) {
	group, found, err := f.Parameters.Read(ctx, f.group)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, errors.New("there is no " + f.group + ": deploy the edge first")
	}
	return f.Rotate(ctx, group)
}

// resource is the custom resource, whose id is that of the key group. It has nothing that an update changes.
func (f function) resource(ctx context.Context, e cfn.Event) (id string, data map[string]any, err error) {
	id = e.PhysicalResourceID
	switch e.RequestType {
	case cfn.RequestCreate:
		id, err = f.Make(ctx)
	case cfn.RequestDelete:
		err = f.Delete(ctx, id)
	}
	return id, nil, err
}
