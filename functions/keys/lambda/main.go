// Command lambda makes keys, for CloudFormation, and rotates them, for who invokes it with {"rotate": true}: those of
// tokens where the environment names their parameter, else those of links to files.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"

	"github.com/aws/aws-lambda-go/cfn"
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/boxvault/boxvault/shared/cloud"
	"github.com/boxvault/boxvault/shared/keyring"
)

func main() {
	f, err := open(os.Getenv)
	if err != nil {
		_, _ = os.Stderr.WriteString(err.Error() + "\n")
		os.Exit(1)
	}
	lambda.Start(f.handle)
}

// keeper keeps one kind of keys.
type keeper interface {
	// create makes the first key, and returns the id of the custom resource, which an update does not change.
	create(context.Context) (id string, err error)
	// remove is for a stack that is deleted.
	remove(ctx context.Context, id string) error
	// rotate and endAll return the ring without what is secret of it.
	rotate(context.Context) (keyring.Ring, error)
	endAll(context.Context) (keyring.Ring, error)
}

// function answers with its keeper.
type function struct{ keeper }

func open(getenv func(string) string) (function, error) {
	cfg, err := cloud.Configuration(getenv)
	if err != nil {
		return function{}, err
	}
	if name := getenv("BOXVAULT_SECRET_PARAMETER"); name != "" {
		return function{tokensAt(name, cfg)}, nil
	}
	if edge := getenv("BOXVAULT_EDGE"); edge != "" {
		return function{linksOf(edge, cfg)}, nil
	}
	return function{}, errors.New("neither the environment variable BOXVAULT_SECRET_PARAMETER nor BOXVAULT_EDGE is set")
}

// handle tells events of CloudFormation from those of people.
func (f function) handle(ctx context.Context, raw json.RawMessage) (any, error) {
	var asked struct {
		RequestType string
		Rotate      bool `json:"rotate"`
		EndAll      bool `json:"endAll"`
	}
	if err := json.Unmarshal(raw, &asked); err != nil {
		return nil, err
	}
	switch {
	case asked.EndAll:
		return f.endAll(ctx)
	case asked.Rotate:
		return f.rotate(ctx)
	case asked.RequestType != "":
		var e cfn.Event
		if err := json.Unmarshal(raw, &e); err != nil {
			return nil, err
		}
		return cfn.LambdaWrap(f.resource)(ctx, e)
	}
	return nil, errors.New(`the event is neither {"rotate": true} nor {"endAll": true} nor one of CloudFormation`)
}

// resource is the custom resource. It has nothing that an update changes.
func (f function) resource(ctx context.Context, e cfn.Event) (id string, data map[string]any, err error) {
	id = e.PhysicalResourceID
	switch e.RequestType {
	case cfn.RequestCreate:
		id, err = f.create(ctx)
	case cfn.RequestDelete:
		err = f.remove(ctx, id)
	}
	return id, nil, err
}
