package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"

	"github.com/boxvault/boxvault/shared/registry"
)

// Cost of a password hash: argon2id with 19 MiB, two passes, one lane. Source: OWASP Password
// Storage Cheat Sheet.
const (
	hashMemory = 19 << 10 // KiB
	hashPasses = 2
	hashBytes  = 32
	saltBytes  = 16
)

// MaxWaiting is how many passwords wait to be hashed before more are turned away: what is done in
// three or four seconds on a small machine.
const MaxWaiting = 64

// Passwords hashes passwords, one at a time and with rests: that bounds the memory it takes, and leaves
// the processors to all other requests at least half of the time. It is safe for use at the same time.
type Passwords struct {
	turn chan struct{}
	// queue has a place for each that waits or has its turn.
	queue chan struct{}
}

// NewPasswords makes a Passwords for which at most so many wait or have their turn.
func NewPasswords(waiting int) *Passwords {
	return &Passwords{turn: make(chan struct{}, 1), queue: make(chan struct{}, waiting)}
}

// Hash returns the hash of a password to store, in the PHC string format. It waits for its turn, at
// most until the context ends; RateLimited when too many wait already.
func (p *Passwords) Hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	rand.Read(salt)
	sum, err := p.hash(ctx, password, salt)
	if err != nil {
		return "", err
	}
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, hashMemory, hashPasses,
		enc.EncodeToString(salt), enc.EncodeToString(sum)), nil
}

// Check reports whether the password belongs to the stored hash. An empty hash, for an account that
// does not exist, takes the same time and is never right. It waits as Hash does.
func (p *Passwords) Check(ctx context.Context, stored, password string) (bool, error) {
	salt, want := make([]byte, saltBytes), make([]byte, hashBytes)
	if stored != "" {
		var err error
		if salt, want, err = parseHash(stored); err != nil {
			return false, err
		}
	}
	if len(password) > registry.MaxPassword { // never set: any other will do
		password, stored = "", ""
	}
	got, err := p.hash(ctx, password, salt)
	return err == nil && subtle.ConstantTimeCompare(got, want) == 1 && stored != "", err
}

func (p *Passwords) hash(ctx context.Context, password string, salt []byte) ([]byte, error) {
	select {
	case p.queue <- struct{}{}:
		defer func() { <-p.queue }()
	default:
		return nil, registry.Errorf(registry.RateLimited, "too many passwords are being checked; try again in a moment").After(2 * time.Second)
	}
	select {
	case p.turn <- struct{}{}:
		defer p.rest(time.Now())
		return argon2.IDKey([]byte(password), salt, hashPasses, hashMemory, 1, hashBytes), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// rest ends a turn that began then, after a rest as long as the turn was. While a hash is made, others
// have a processor less: the rests keep those few that meet one from being the rule
// (docs/performance.md, sign-ins).
func (p *Passwords) rest(began time.Time) {
	time.AfterFunc(time.Since(began), func() { <-p.turn })
}

func parseHash(stored string) (salt, sum []byte, err error) {
	fields := strings.Split(stored, "$")
	prefix := fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$", argon2.Version, hashMemory, hashPasses)
	if len(fields) != 6 || !strings.HasPrefix(stored, prefix) {
		return nil, nil, fmt.Errorf("a stored password hash is of an unknown form")
	}
	if salt, err = base64.RawStdEncoding.DecodeString(fields[4]); err != nil {
		return nil, nil, err
	}
	sum, err = base64.RawStdEncoding.DecodeString(fields[5])
	return salt, sum, err
}
