package main

import (
	"context"
	"crypto/rand"

	"github.com/aws/aws-lambda-go/cfn"

	"github.com/boxvault/boxvault/shared/cloud"
)

// mark is the mark in its SSM parameter, where the functions of the API read it.
type mark struct {
	parameters cloud.Parameters
	name       string
}

// resource makes the mark where there is none, returns it, and deletes it. The distribution keeps the one it has until
// it is deployed anew, so an update changes nothing.
func (m mark) resource(ctx context.Context, asked cfn.RequestType) (data map[string]any, err error) {
	if asked == cfn.RequestDelete {
		return nil, m.parameters.Delete(ctx, m.name)
	}
	text, found, err := m.parameters.Read(ctx, m.name)
	if err == nil && !found {
		text = rand.Text() // 130 bits
		err = m.parameters.Write(ctx, m.name, text)
	}
	if err != nil {
		return nil, err
	}
	return map[string]any{"Mark": text}, nil
}
