package auth

import (
	"context"
	"crypto/subtle"

	"github.com/boxvault/boxvault/shared/registry"
)

// Service is a service account that shows its client id and secret, and its owner. Unauthenticated when
// they are wrong or the owner is suspended, TokenExpired when its time is over.
func (i Identifier) Service(ctx context.Context, client, secret string) (registry.ServiceAccount, registry.Account, error) {
	s, err := i.Catalog.ServiceAccountByName(ctx, client)
	if registry.KindOf(err) == registry.NotFound || err == nil && !IsSecretOf(s, secret) {
		err = wrongSecret()
	}
	if err != nil {
		return s, registry.Account{}, err
	}
	return i.Owned(ctx, s)
}

// IsSecretOf is not counted: nobody guesses 256 bits, and a stranger must not keep a program out.
func IsSecretOf(s registry.ServiceAccount, secret string) bool {
	return subtle.ConstantTimeCompare([]byte(HashSecret(secret)), []byte(s.TokenHash)) == 1
}

// Owned is a service account that has shown its secret, with the name that its organization has now,
// and its owner; see Service.
func (i Identifier) Owned(ctx context.Context, s registry.ServiceAccount) (registry.ServiceAccount, registry.Account, error) {
	owner, err := i.Catalog.Account(ctx, s.Owner)
	switch {
	case registry.KindOf(err) == registry.NotFound || err == nil && owner.Suspended:
		return s, owner, wrongSecret()
	case err != nil:
		return s, owner, err
	case s.Expired(i.Tokens.Now()):
		return s, owner, registry.ExpiredToken(s.ExpiresAt)
	}
	s, err = i.Catalog.Named(ctx, s)
	return s, owner, err
}

func wrongSecret() error {
	return registry.Errorf(registry.Unauthenticated, "Invalid username or password.")
}
