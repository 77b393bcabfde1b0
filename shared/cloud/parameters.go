package cloud

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/boxvault/boxvault/shared/cloud/call"
)

// Parameters is SSM's parameter store, for who keeps secrets there.
type Parameters struct{ ssm ssm }

// OpenParameters makes a client.
func OpenParameters(cfg aws.Config) Parameters { return Parameters{newSSM(cfg, Endpoint("SSM"))} }

// Read returns a parameter; found is false when there is none. The role needs ssm:GetParameter.
func (p Parameters) Read(ctx context.Context, name string) (value string, found bool, err error) {
	value, _, err = p.ssm.get(ctx, name)
	if call.Code(err) == parameterNotFound {
		return "", false, nil
	}
	return value, err == nil, err
}

// Write makes a parameter that is encrypted, or changes it. The role needs ssm:PutParameter.
func (p Parameters) Write(ctx context.Context, name, value string) error {
	_, err := p.ssm.put(ctx, name, value, true)
	return err
}

// Delete deletes a parameter. No error when there is none. The role needs ssm:DeleteParameter.
func (p Parameters) Delete(ctx context.Context, name string) error {
	err := p.ssm.do(ctx, "DeleteParameter", map[string]any{"Name": name}, &struct{}{})
	if call.Code(err) == parameterNotFound {
		return nil
	}
	return err
}
