package cloud

import (
	"context"
	"fmt"
	"time"

	"github.com/boxvault/boxvault/shared/cloud/call"
	"github.com/boxvault/boxvault/shared/keyring"
	"github.com/boxvault/boxvault/shared/settings"
)

// KeyPlace is where the keys of tokens are kept on AWS, for who changes them. The role needs ssm:GetParameter and
// ssm:PutParameter on the parameter, and on the one of the lock (settings.SecretLock).
type KeyPlace struct {
	Parameters Parameters
	// Name is the parameter.
	Name string
	Now  func() time.Time
}

// held is how long a lock is: longer than the function lives that has it.
const held = 2 * time.Minute

// Read returns the ring, nil when there is none.
func (p KeyPlace) Read(ctx context.Context) (keyring.Ring, error) {
	text, found, err := p.Parameters.Read(ctx, p.Name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", p.Name, err)
	}
	if !found {
		return nil, nil
	}
	return parseKeys(p.Name, text)
}

// Write keeps a ring.
func (p KeyPlace) Write(ctx context.Context, ring keyring.Ring) error {
	if err := p.Parameters.Write(ctx, p.Name, ring.Text()); err != nil {
		return fmt.Errorf("write %s: %w", p.Name, err)
	}
	return nil
}

// Lock has nobody else change the ring until unlock, or for two minutes. It is an error when somebody else has it.
//
// SSM writes without conditions, but it counts: of those who find the lock free at a version, the one who
// writes the next version has it.
func (p KeyPlace) Lock(ctx context.Context) (unlock func(), err error) {
	name := p.Name + settings.SecretLock
	version, err := p.free(ctx, name)
	if err != nil {
		return nil, err
	}
	got, err := p.Parameters.ssm.put(ctx, name, p.Now().Add(held).UTC().Format(time.RFC3339), version > 0)
	if call.Code(err) == parameterAlreadyExists || err == nil && got != version+1 {
		return nil, errHeld
	}
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", name, err)
	}
	return func() {
		// One that stays ends by itself.
		_, _ = p.Parameters.ssm.put(context.WithoutCancel(ctx), name, "free", true)
	}, nil
}

// free returns at which version nobody has the lock; 0 when nobody ever had it.
func (p KeyPlace) free(ctx context.Context, name string) (version int, err error) {
	text, version, err := p.Parameters.ssm.get(ctx, name)
	if call.Code(err) == parameterNotFound {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read %s: %w", name, err)
	}
	until, _ := time.Parse(time.RFC3339, text) // what is no time is over
	if p.Now().Before(until) {
		return 0, errHeld
	}
	return version, nil
}

var errHeld = fmt.Errorf("somebody else is rotating, or just failed to: rotate again in %v", held)
