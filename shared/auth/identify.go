package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/grant"
	"github.com/boxvault/boxvault/shared/registry"
)

// Identifier tells who makes a request.
type Identifier struct {
	Catalog *catalog.Catalog
	Tokens  Tokens
}

// Identify returns who makes the request: a stranger when there is no token, and an error of kind
// Unauthenticated or TokenExpired when there is one that is not good. Without the right to the
// keys of tokens (grant.Sign) a route does not look at tokens.
func (i Identifier) Identify(r *http.Request) (registry.Caller, error) {
	token := Credential(r)
	if token == "" || grant.Check(r.Context(), grant.Sign) != nil {
		return registry.Caller{}, nil
	}
	caller, err := i.caller(r.Context(), token)
	if registry.KindOf(err) == registry.NotFound { // the account is gone, and its sessions with it
		err = badToken()
	}
	return caller, err
}

func (i Identifier) caller(ctx context.Context, token string) (registry.Caller, error) {
	if strings.Count(token, ".") == 2 {
		return i.session(ctx, token)
	}
	return i.service(ctx, token)
}

// session is a caller with a JWT. Its account may have been suspended or its sessions ended since.
func (i Identifier) session(ctx context.Context, token string) (caller registry.Caller, err error) {
	c, account, err := i.Tokens.parse(ctx, token)
	if err != nil {
		return caller, err
	}
	s, err := i.Catalog.Session(ctx, account, c.Service, c.ID)
	if err != nil {
		return caller, err
	}
	if s.Ended || s.Account.Suspended || s.Account.Epoch != c.Epoch {
		return caller, badToken()
	}
	caller = registry.Caller{Account: account, Username: s.Account.Username, Admin: s.Account.Admin, Primary: s.Account.Primary}
	if s.Service != nil {
		if caller, err = i.asService(*s.Service); err != nil {
			return caller, err
		}
	}
	caller.Session = registry.Session{ID: c.ID, ExpiresAt: c.ExpiresAt.Time, Stay: c.Stay}
	return caller, nil
}

// service is a caller with a service account's secret as it is.
func (i Identifier) service(ctx context.Context, secret string) (caller registry.Caller, err error) {
	s, err := i.Catalog.ServiceAccountByToken(ctx, HashSecret(secret))
	if err != nil {
		return caller, err
	}
	owner, err := i.Catalog.Account(ctx, s.Owner)
	if err != nil {
		return caller, err
	}
	if owner.Suspended {
		return caller, badToken()
	}
	return i.asService(s)
}

// asService is a caller that acts for the owner of a service account, in one organization.
func (i Identifier) asService(s registry.ServiceAccount) (registry.Caller, error) {
	if s.Expired(i.Tokens.Now()) {
		return registry.Caller{}, registry.ExpiredToken(s.ExpiresAt)
	}
	return registry.Caller{
		Account: s.Owner, Username: s.Username,
		ServiceAccount: s.ID, Scope: s.OrganizationID,
	}, nil
}

// HashSecret is how the secret of a service account is stored: SHA-256, hex. The secret has 256
// random bits, so a slow hash would add nothing.
func HashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Credential returns the token of a request, wherever a client puts it: x-access-token,
// X-Atlas-Token (Vagrant Cloud's old one), Authorization: Bearer, the password of Authorization: Basic, or ?access_token= (Vagrant with
// VAGRANT_SERVER_ACCESS_TOKEN_BY_URL). Empty when there is none.
func Credential(r *http.Request) string {
	for _, name := range []string{"X-Access-Token", "X-Atlas-Token"} {
		if token := r.Header.Get(name); token != "" {
			return token
		}
	}
	header := r.Header.Get("Authorization")
	if scheme, token, ok := strings.Cut(header, " "); ok && strings.EqualFold(scheme, "Bearer") {
		return strings.TrimSpace(token)
	}
	if _, password, ok := r.BasicAuth(); ok {
		return password
	}
	return r.URL.Query().Get("access_token")
}
