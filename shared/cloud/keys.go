package cloud

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/boxvault/boxvault/shared/keyring"
)

// Keys is the source of the keys that tokens are signed with, in the SSM parameter that the settings name. It is read
// again every few minutes; an error is not kept.
//
// The role needs ssm:GetParameter on the parameter.
func (c *Cloud) Keys(ctx context.Context, id string) (keyring.Ring, error) {
	return c.keys.Ring(ctx, id)
}

// patience is how long SSM may take: a request waits for it, which can mostly be answered by the keys of before.
const patience = 5 * time.Second

// tokenKeys reads the keys of tokens.
func tokenKeys(parameters ssm, name string) func(context.Context) (keyring.Ring, error) {
	return func(ctx context.Context) (keyring.Ring, error) {
		ctx, cancel := context.WithTimeout(ctx, patience)
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
