// Package auth knows who is calling and what they may do.
//
// Identify turns the token of a request into a registry.Caller; a Gate reads records for a caller
// and refuses those that the caller may not see or change, so that a rule is checked where the
// record is read and no handler can forget it.
package auth

import (
	"context"
	"crypto/rand"
	"errors"
	"strconv"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/boxvault/boxvault/shared/keyring"
	"github.com/boxvault/boxvault/shared/registry"
)

// How long a session lasts: without and with stayLoggedIn.
const (
	ShortSession = 2 * time.Hour
	LongSession  = 7 * 24 * time.Hour
)

const (
	issuer   = "boxvault"
	audience = "boxvault-api"
	keyID    = "kid"
)

// Tokens makes and reads session tokens: JWTs signed with HS256, whose kid (RFC 7515, 4.1.4) names the key.
type Tokens struct {
	// Keys are what they are signed with.
	Keys keyring.Source
	// Now is the clock; it must be set.
	Now func() time.Time
}

// claims of a session token. The subject is the account's id.
type claims struct {
	jwt.RegisteredClaims
	Service registry.ID `json:"svc,omitempty"`   // of a service account
	Epoch   int64       `json:"epoch,omitempty"` // of the account when it was made
	Stay    bool        `json:"stay,omitempty"`
}

// ForAccount makes a session of a person.
func (t Tokens) ForAccount(ctx context.Context, a registry.Account, stay bool) (string, registry.Session, error) {
	return t.make(ctx, claims{Epoch: a.Epoch, Stay: stay}, a.ID, time.Time{})
}

// ForService makes a session of a service account, which ends with it.
func (t Tokens) ForService(ctx context.Context, s registry.ServiceAccount, epoch int64, stay bool) (string, registry.Session, error) {
	return t.make(ctx, claims{Service: s.ID, Epoch: epoch, Stay: stay}, s.Owner, s.ExpiresAt)
}

func (t Tokens) make(ctx context.Context, c claims, account registry.ID, until time.Time) (string, registry.Session, error) {
	key, err := t.signer(ctx)
	if err != nil {
		return "", registry.Session{}, err
	}
	now, life := t.Now(), ShortSession
	if c.Stay {
		life = LongSession
	}
	expires := now.Add(life)
	if !until.IsZero() && until.Before(expires) {
		expires = until
	}
	c.RegisteredClaims = jwt.RegisteredClaims{
		ID: rand.Text(), Issuer: issuer, Audience: jwt.ClaimStrings{audience}, Subject: account.String(),
		IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(expires),
	}
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, c)
	token.Header[keyID] = key.ID
	signed, err := token.SignedString(key.Secret)
	return signed, registry.Session{ID: c.ID, ExpiresAt: c.ExpiresAt.Time, Stay: c.Stay}, err
}

// signer is the key that signs now.
func (t Tokens) signer(ctx context.Context) (keyring.Key, error) {
	ring, err := t.Keys(ctx, "")
	key, ok := ring.Current(t.Now())
	if err == nil && !ok {
		err = errors.New("no key signs tokens yet")
	}
	return key, err
}

// parse checks a token's signature, issuer, audience and time.
func (t Tokens) parse(ctx context.Context, token string) (c claims, account registry.ID, err error) {
	var fault error // of ours: it says nothing about the token
	key := func(parsed *jwt.Token) (any, error) {
		id, _ := parsed.Header[keyID].(string)
		var ring keyring.Ring
		if ring, fault = t.Keys(ctx, id); fault != nil {
			return nil, fault
		}
		if known, ok := ring.Named(id); ok {
			return known.Secret, nil
		}
		return nil, errors.New("no such key")
	}
	_, err = jwt.ParseWithClaims(token, &c, key,
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithIssuer(issuer),
		jwt.WithAudience(audience), jwt.WithExpirationRequired(), jwt.WithTimeFunc(t.Now))
	switch {
	case fault != nil:
		return c, 0, fault
	case errors.Is(err, jwt.ErrTokenExpired) && !errors.Is(err, jwt.ErrTokenSignatureInvalid):
		return c, 0, registry.ExpiredToken(c.ExpiresAt.Time)
	case err != nil:
		return c, 0, badToken()
	}
	id, err := strconv.ParseInt(c.Subject, 10, 64)
	if err != nil {
		return c, 0, badToken()
	}
	return c, registry.ID(id), nil
}

func badToken() error { return registry.Errorf(registry.Unauthenticated, "the token is not valid") }
