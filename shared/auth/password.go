package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Cost of a password hash: argon2id with 19 MiB, two passes, one lane. Source: OWASP Password
// Storage Cheat Sheet.
const (
	hashMemory = 19 << 10 // KiB
	hashPasses = 2
	hashBytes  = 32
	saltBytes  = 16
)

// slots bounds the memory that hashing takes, and leaves a processor to all other requests.
var slots = make(chan struct{}, 1)

// HashPassword returns the hash of a password to store, in the PHC string format. It waits while
// another password is being hashed, at most until the context ends.
func HashPassword(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	rand.Read(salt)
	sum, err := hash(ctx, password, salt)
	if err != nil {
		return "", err
	}
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, hashMemory, hashPasses,
		enc.EncodeToString(salt), enc.EncodeToString(sum)), nil
}

// CheckPassword reports whether the password belongs to the stored hash. An empty hash, for an
// account that does not exist, takes the same time and is never right.
func CheckPassword(ctx context.Context, stored, password string) (bool, error) {
	salt, want := make([]byte, saltBytes), make([]byte, hashBytes)
	if stored != "" {
		var err error
		if salt, want, err = parseHash(stored); err != nil {
			return false, err
		}
	}
	got, err := hash(ctx, password, salt)
	return err == nil && subtle.ConstantTimeCompare(got, want) == 1 && stored != "", err
}

func hash(ctx context.Context, password string, salt []byte) ([]byte, error) {
	select {
	case slots <- struct{}{}:
		defer func() { <-slots }()
		return argon2.IDKey([]byte(password), salt, hashPasses, hashMemory, 1, hashBytes), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
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
