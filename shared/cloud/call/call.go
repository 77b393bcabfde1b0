// Package call makes single calls of AWS's APIs that speak JSON, for services of which a function needs
// too little for the SDK's client: that would cost more of its init and of its zip than all it does. What
// is sent is signed and retried by the SDK's own signer and retryer.
package call

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// Service is one service of AWS in one region. It is safe for use at the same time.
type Service struct {
	// URL is where it is, without a slash at the end.
	URL string
	// Retryer is the SDK's standard one: three attempts. To be changed before the first call only.
	Retryer aws.Retryer

	name, region string
	credentials  aws.CredentialsProvider
	signer       *v4.Signer
}

// New returns the service that signatures call by the name given. It is at the endpoint or, when that is
// nil, at the host of the region; see https://docs.aws.amazon.com/general/latest/gr/rande.html.
func New(cfg aws.Config, name, host string, endpoint *string) *Service {
	s := &Service{name: name, region: cfg.Region, credentials: cfg.Credentials, signer: v4.NewSigner(), Retryer: retry.NewStandard()}
	switch {
	case endpoint != nil:
		s.URL = strings.TrimSuffix(*endpoint, "/")
	case strings.HasPrefix(cfg.Region, "cn-"):
		s.URL = "https://" + host + "." + cfg.Region + ".amazonaws.com.cn"
	default:
		s.URL = "https://" + host + "." + cfg.Region + ".amazonaws.com"
	}
	return s
}

// Post sends a request until it is answered, as often and as far apart as the Retryer says, and decodes
// the answer into out. What the service refuses is an *Error.
func (s *Service) Post(ctx context.Context, path string, header map[string]string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	for attempt := 1; ; attempt++ {
		err := s.send(ctx, path, header, body, out)
		if err == nil || attempt == s.Retryer.MaxAttempts() || !s.Retryer.IsErrorRetryable(err) {
			return err
		}
		if err := s.pause(ctx, attempt, err); err != nil {
			return err
		}
	}
}

// pause waits before the attempt after this one.
func (s *Service) pause(ctx context.Context, attempt int, cause error) error {
	delay, err := s.Retryer.RetryDelay(attempt, cause)
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

func (s *Service) send(ctx context.Context, path string, header map[string]string, body []byte, out any) error {
	r, err := s.request(ctx, path, header, body)
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
		return fmt.Errorf("%s answered no JSON: %w", s.name, err)
	}
	return nil
}

func (s *Service) request(ctx context.Context, path string, header map[string]string, body []byte) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	keys, err := s.credentials.Retrieve(ctx)
	if err != nil {
		return nil, err
	}
	hash := sha256.Sum256(body)
	return r, s.signer.SignHTTP(ctx, keys, r, hex.EncodeToString(hash[:]), s.name, s.region, time.Now())
}
