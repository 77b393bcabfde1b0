package cloud

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"sync"

	"github.com/boxvault/boxvault/shared/cloud/call"
)

// minSecret is the shortest secret in bytes: what HS256 asks for (RFC 7518, 3.2).
const minSecret = 32

// secret is the token secret in an SSM parameter, kept once it was read.
type secret struct {
	parameters ssm
	name       string

	mu    sync.Mutex
	value []byte
}

// Secret returns the secret that tokens are signed with, the text of the SSM parameter as it is.
// The first function that asks makes it. It is asked for once in the life of the process; an error
// is not kept. The caller does not change the bytes.
//
// The role needs ssm:GetParameter and ssm:PutParameter on the parameter.
func (c *Cloud) Secret(ctx context.Context) ([]byte, error) {
	s := &c.secret
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.value != nil {
		return s.value, nil
	}
	value, err := s.readOrMake(ctx)
	if err != nil {
		return nil, fmt.Errorf("the token secret %s: %w", s.name, err)
	}
	if len(value) < minSecret {
		return nil, fmt.Errorf("the token secret %s is shorter than %d bytes", s.name, minSecret)
	}
	s.value = []byte(value)
	return s.value, nil
}

// readOrMake reads the parameter after making it, too: of two functions that made one at the same
// time, one has lost, and its tokens would be worth nothing.
func (s *secret) readOrMake(ctx context.Context) (string, error) {
	value, err := s.parameters.get(ctx, s.name)
	if call.Code(err) != parameterNotFound {
		return value, err
	}
	random := make([]byte, minSecret)
	_, _ = rand.Read(random) // never fails
	err = s.parameters.put(ctx, s.name, base64.StdEncoding.EncodeToString(random))
	if err != nil && call.Code(err) != parameterAlreadyExists {
		return "", err
	}
	return s.parameters.get(ctx, s.name)
}
