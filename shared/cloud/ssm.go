package cloud

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/boxvault/boxvault/shared/cloud/call"
	"github.com/boxvault/boxvault/shared/itemstore"
)

// The codes of errors, see
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html and
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html.
const (
	parameterNotFound      = "ParameterNotFound"
	parameterAlreadyExists = "ParameterAlreadyExists"
	throttled              = "ThrottlingException"
)

// ssm speaks with Systems Manager's parameter store. The protocol is AWS JSON 1.1
// (https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html).
type ssm struct{ *call.Service }

func newSSM(cfg aws.Config, endpoint *string) ssm { return ssm{call.New(cfg, "ssm", "ssm", endpoint)} }

// get returns a parameter, and which of its versions that is: the first one is 1.
func (s ssm) get(ctx context.Context, name string) (value string, version int, err error) {
	var out struct {
		Parameter struct {
			Value   string
			Version int
		}
	}
	err = s.do(ctx, "GetParameter", map[string]any{"Name": name, "WithDecryption": true}, &out)
	return out.Parameter.Value, out.Parameter.Version, err
}

// getAll returns the parameters that are there, by their names.
func (s ssm) getAll(ctx context.Context, names ...string) (map[string]string, error) {
	var out struct {
		Parameters []struct{ Name, Value string }
	}
	err := s.do(ctx, "GetParameters", map[string]any{"Names": names, "WithDecryption": true}, &out)
	values := map[string]string{}
	for _, p := range out.Parameters {
		values[p.Name] = p.Value
	}
	return values, err
}

// put makes a parameter that is encrypted, or changes one that is there if it may, and returns its new version.
func (s ssm) put(ctx context.Context, name, value string, overwrite bool) (version int, err error) {
	var out struct{ Version int }
	err = s.do(ctx, "PutParameter", map[string]any{
		"Name": name, "Value": value, "Type": "SecureString", "Overwrite": overwrite,
	}, &out)
	return out.Version, err
}

// do marks what SSM turns away because many functions start at once: a client may come again, as when
// the table does.
func (s ssm) do(ctx context.Context, operation string, in, out any) error {
	err := s.Post(ctx, "/", map[string]string{
		"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "AmazonSSM." + operation,
	}, in, out)
	if call.Code(err) == throttled {
		return fmt.Errorf("%w: %w", itemstore.ErrBusy, err)
	}
	return err
}
