package cloud

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// The codes of errors, see
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html and
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html.
const (
	parameterNotFound      = "ParameterNotFound"
	parameterAlreadyExists = "ParameterAlreadyExists"
)

// ssm speaks with Systems Manager's parameter store: signed and retried as the SDK does it, which
// for three calls costs a function less than the SDK's client. The protocol is AWS JSON 1.1
// (https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html).
type ssm struct {
	url         string
	region      string
	credentials aws.CredentialsProvider
	signer      *v4.Signer
	retryer     aws.Retryer
}

func newSSM(cfg aws.Config, endpoint *string) *ssm {
	s := &ssm{region: cfg.Region, credentials: cfg.Credentials, signer: v4.NewSigner(), retryer: retry.NewStandard()}
	switch {
	case endpoint != nil:
		s.url = *endpoint
	case strings.HasPrefix(cfg.Region, "cn-"):
		s.url = "https://ssm." + cfg.Region + ".amazonaws.com.cn"
	default:
		s.url = "https://ssm." + cfg.Region + ".amazonaws.com"
	}
	return s
}

func (s *ssm) get(ctx context.Context, name string) (value string, err error) {
	var out struct{ Parameter struct{ Value string } }
	err = s.call(ctx, "GetParameter", map[string]any{"Name": name, "WithDecryption": true}, &out)
	return out.Parameter.Value, err
}

// getAll returns the parameters that are there, by their names.
func (s *ssm) getAll(ctx context.Context, names ...string) (map[string]string, error) {
	var out struct {
		Parameters []struct{ Name, Value string }
	}
	err := s.call(ctx, "GetParameters", map[string]any{"Names": names, "WithDecryption": true}, &out)
	values := map[string]string{}
	for _, p := range out.Parameters {
		values[p.Name] = p.Value
	}
	return values, err
}

// put makes a parameter that is encrypted; it does not change one that is there.
func (s *ssm) put(ctx context.Context, name, value string) error {
	return s.call(ctx, "PutParameter", map[string]any{
		"Name": name, "Value": value, "Type": "SecureString", "Overwrite": false,
		"Description": "signs the tokens of BoxVault; made by the first function that needed it",
	}, &struct{}{})
}

// call sends a request until it is answered, as often and as far apart as the retryer says.
func (s *ssm) call(ctx context.Context, operation string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	for attempt := 1; ; attempt++ {
		err := s.send(ctx, operation, body, out)
		if err == nil || attempt == s.retryer.MaxAttempts() || !s.retryer.IsErrorRetryable(err) {
			return err
		}
		if err := s.pause(ctx, attempt, err); err != nil {
			return err
		}
	}
}

// pause waits before the attempt after this one.
func (s *ssm) pause(ctx context.Context, attempt int, cause error) error {
	delay, err := s.retryer.RetryDelay(attempt, cause)
	if err != nil {
		return cause
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(delay):
		return nil
	}
}

func (s *ssm) send(ctx context.Context, operation string, body []byte, out any) error {
	r, err := s.request(ctx, operation, body)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return failure(response)
	}
	if err := json.NewDecoder(response.Body).Decode(out); err != nil {
		return fmt.Errorf("%s answered no JSON: %w", operation, err)
	}
	return nil
}

func (s *ssm) request(ctx context.Context, operation string, body []byte) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	r.Header.Set("X-Amz-Target", "AmazonSSM."+operation)
	keys, err := s.credentials.Retrieve(ctx)
	if err != nil {
		return nil, err
	}
	hash := sha256.Sum256(body)
	return r, s.signer.SignHTTP(ctx, keys, r, hex.EncodeToString(hash[:]), "ssm", s.region, time.Now())
}

// ssmError is an error that SSM answered. The retryer reads status and code by these methods.
type ssmError struct {
	status int
	code   string
	text   string
}

func (e *ssmError) Error() string       { return fmt.Sprintf("SSM: %s (%d): %s", e.code, e.status, e.text) }
func (e *ssmError) ErrorCode() string   { return e.code }
func (e *ssmError) HTTPStatusCode() int { return e.status }

// failure reads the body of an error, whose type may be a shape's full name: "…#Code".
func failure(response *http.Response) error {
	var body struct {
		Type    string `json:"__type"`
		Message string
	}
	_ = json.NewDecoder(response.Body).Decode(&body) // a proxy's own error is no JSON: the status tells
	return &ssmError{response.StatusCode, body.Type[strings.LastIndex(body.Type, "#")+1:], body.Message}
}

// code returns SSM's code of an error, or "".
func code(err error) string {
	var e *ssmError
	if !errors.As(err, &e) {
		return ""
	}
	return e.code
}
