package cloud

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/boxvault/boxvault/shared/keyring"
)

// Keys is the source of the keys that tokens are signed with, in the SSM parameter that the settings name. It is read
// again every few minutes; while there are none to go by, every call tries.
//
// The role needs ssm:GetParameter on the parameter.
func (c *Cloud) Keys(ctx context.Context, id string) (keyring.Ring, error) {
	return c.keys.Ring(ctx, id)
}

// patience is how long SSM may take: a request waits for it, which can mostly be answered by what was read before.
const patience = 5 * time.Second

// patiently is the context to read in what other requests go by too, also when this one ends meanwhile.
func patiently(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), patience)
}

// tokenKeys reads the keys of tokens.
func tokenKeys(parameters ssm, name string) func(context.Context) (keyring.Ring, error) {
	return func(ctx context.Context) (keyring.Ring, error) {
		ctx, cancel := patiently(ctx)
		defer cancel()
		text, _, err := parameters.get(ctx, name)
		if err != nil {
			return nil, fmt.Errorf("the token keys %s: %w", name, err)
		}
		return parseKeys(name, text)
	}
}

// parseKeys reads a ring. A text that is none is a secret that an operator chose, or that a version before rings made.
func parseKeys(name, text string) (ring keyring.Ring, err error) {
	if strings.HasPrefix(text, "[") {
		ring, err = keyring.Parse(text)
	} else {
		ring, err = keyring.OfOne([]byte(text))
	}
	if err != nil {
		err = fmt.Errorf("the token keys %s: %w", name, err)
	}
	return ring, err
}
