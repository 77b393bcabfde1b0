package auth_test

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/grant"
	"github.com/boxvault/boxvault/shared/keyring"
	"github.com/boxvault/boxvault/shared/keyring/keyringtest"
	"github.com/boxvault/boxvault/shared/registry"
)

var secret = []byte("0123456789abcdef0123456789abcdef")

// identifier knows the account of ada, over a real store and with a secret that the test knows.
func identifier(t *testing.T) (auth.Identifier, registry.Account) {
	t.Helper()
	r := coretest.Start(t)
	r.Person(t, "ada")
	tokens := auth.Tokens{Now: r.Clock.Now, Keys: keyringtest.Fixed(keyringtest.Ring(string(secret)))}
	return auth.Identifier{Catalog: r.Core.Catalog, Tokens: tokens}, r.Account(t, "ada")
}

func identify(i auth.Identifier, token string) (registry.Caller, error) {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("X-Access-Token", token)
	return i.Identify(r)
}

// claims of a good token, for a test to spoil.
func claims(a registry.Account) jwt.MapClaims {
	now := time.Now()
	return jwt.MapClaims{
		"iss": "boxvault", "aud": "boxvault-api", "sub": a.ID.String(), "jti": "session1",
		"iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
	}
}

func signed(t *testing.T, method jwt.SigningMethod, key any, c jwt.MapClaims) string {
	t.Helper()
	return named(t, "key", method, key, c)
}

// named is signed, with another name of the key; nil is none.
func named(t *testing.T, id any, method jwt.SigningMethod, key any, c jwt.MapClaims) string {
	t.Helper()
	made := jwt.NewWithClaims(method, c)
	if id != nil {
		made.Header["kid"] = id
	}
	token, err := made.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestAGoodToken(t *testing.T) {
	i, ada := identifier(t)
	token, session, err := i.Tokens.ForAccount(t.Context(), ada, true)
	if err != nil {
		t.Fatal(err)
	}
	caller, err := identify(i, token)
	if err != nil || caller.Account != ada.ID || caller.Username != "ada" || !caller.Admin || caller.ServiceAccount != 0 {
		t.Errorf("the caller is %+v, %v", caller, err)
	}
	if got := caller.Session; got.ID != session.ID || !got.Stay || !got.ExpiresAt.Equal(session.ExpiresAt) {
		t.Errorf("the session is %+v, made %+v", got, session)
	}
	if _, err := identify(i, signed(t, jwt.SigningMethodHS256, secret, claims(ada))); err != nil {
		t.Errorf("what the tests below spoil is no good token: %v", err)
	}
}

func TestTokensThatAreNotOurs(t *testing.T) {
	i, ada := identifier(t)
	good := signed(t, jwt.SigningMethodHS256, secret, claims(ada))
	head, rest, _ := strings.Cut(good, ".")
	body, signature, _ := strings.Cut(rest, ".")
	encode := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	spoiled := func(change func(jwt.MapClaims)) string {
		c := claims(ada)
		change(c)
		return signed(t, jwt.SigningMethodHS256, secret, c)
	}
	for name, token := range map[string]string{
		"another secret":    signed(t, jwt.SigningMethodHS256, []byte("another secret of 32 bytes......"), claims(ada)),
		"another algorithm": signed(t, jwt.SigningMethodHS512, secret, claims(ada)),
		"no key's name":     named(t, nil, jwt.SigningMethodHS256, secret, claims(ada)),
		"an empty name":     named(t, "", jwt.SigningMethodHS256, secret, claims(ada)),
		"an unknown key":    named(t, "yek", jwt.SigningMethodHS256, secret, claims(ada)),
		"a name of no text": named(t, []string{"key"}, jwt.SigningMethodHS256, secret, claims(ada)),
		"no algorithm":      signed(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, claims(ada)),
		"none by hand":      encode(`{"alg":"none","typ":"JWT"}`) + "." + body + ".",
		"cut signature":     good[:len(good)-5],
		"no signature":      head + "." + body + ".",
		"changed body":      head + "." + encode(`{"sub":"1","iss":"boxvault","aud":"boxvault-api","exp":99999999999}`) + "." + signature,
		"changed head":      encode(`{"alg":"HS256","kid":"key"}`) + "." + rest,
		"two dots":          "..",
		"no JSON":           "a.b.c",
		"another issuer":    spoiled(func(c jwt.MapClaims) { c["iss"] = "other" }),
		"no issuer":         spoiled(func(c jwt.MapClaims) { delete(c, "iss") }),
		"another audience":  spoiled(func(c jwt.MapClaims) { c["aud"] = "other" }),
		"no audience":       spoiled(func(c jwt.MapClaims) { delete(c, "aud") }),
		"no expiry":         spoiled(func(c jwt.MapClaims) { delete(c, "exp") }),
		"not yet":           spoiled(func(c jwt.MapClaims) { c["nbf"] = time.Now().Add(time.Hour).Unix() }),
		"another epoch":     spoiled(func(c jwt.MapClaims) { c["epoch"] = 1 }),
		"another account":   spoiled(func(c jwt.MapClaims) { c["sub"] = "12345" }),
		"no account":        spoiled(func(c jwt.MapClaims) { delete(c, "sub") }),
		"no number":         spoiled(func(c jwt.MapClaims) { c["sub"] = "ada" }),
		"no such service":   spoiled(func(c jwt.MapClaims) { c["svc"] = 12345 }),
		"a secret":          auth.HashSecret("nothing"),
	} {
		if caller, err := identify(i, token); caller.Known() || err == nil || registry.KindOf(err) != registry.Unauthenticated {
			t.Errorf("%s: %+v, %v", name, caller, err)
		}
	}
}

func TestAnExpiredToken(t *testing.T) {
	i, ada := identifier(t)
	c := claims(ada)
	c["exp"] = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC).Unix()
	_, err := identify(i, signed(t, jwt.SigningMethodHS256, secret, c))
	var told *registry.Error
	if !errors.As(err, &told) || told.Kind != registry.TokenExpired || told.Details["expiredAt"] != "2026-01-02T03:04:05Z" {
		t.Errorf("%v", err)
	}
	_, err = identify(i, signed(t, jwt.SigningMethodHS256, []byte("another secret of 32 bytes......"), c))
	if registry.KindOf(err) != registry.Unauthenticated {
		t.Errorf("one that is not ours as well: %v", err)
	}
}

// That the keys cannot be read says nothing about a token.
func TestAFaultOfOursIsNoBadToken(t *testing.T) {
	i, ada := identifier(t)
	token := signed(t, jwt.SigningMethodHS256, secret, claims(ada))
	broken := errors.New("SSM is not there")
	i.Tokens.Keys = func(context.Context, string) (keyring.Ring, error) { return nil, broken }
	if _, err := identify(i, token); !errors.Is(err, broken) {
		t.Errorf("the error is %v", err)
	}
	if _, _, err := i.Tokens.ForAccount(t.Context(), ada, true); !errors.Is(err, broken) {
		t.Errorf("making one gives %v", err)
	}
}

// A route that did not ask for the secret does not look at tokens.
func TestTokensAreNotLookedAtWithoutTheRight(t *testing.T) {
	i, ada := identifier(t)
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("X-Access-Token", signed(t, jwt.SigningMethodHS256, secret, claims(ada)))
	caller, err := i.Identify(r.WithContext(grant.With(t.Context(), grant.ReadItems)))
	if err != nil || caller.Known() {
		t.Errorf("%+v, %v", caller, err)
	}
	if caller, err := i.Identify(r.WithContext(grant.With(t.Context(), grant.ReadItems|grant.Sign))); err != nil || !caller.Known() {
		t.Errorf("%+v, %v", caller, err)
	}
}

// The session of a service account ends with it, however long a session may be.
func TestASessionOfAServiceAccountEndsWithIt(t *testing.T) {
	i, ada := identifier(t)
	until := i.Tokens.Now().Add(time.Hour).Truncate(time.Second)
	for _, c := range []struct {
		stay    bool
		expires time.Time
		most    time.Duration
	}{{false, time.Time{}, auth.ShortSession}, {true, time.Time{}, auth.LongSession}, {true, until, time.Hour}} {
		_, s, err := i.Tokens.ForService(t.Context(), registry.ServiceAccount{Owner: ada.ID, ExpiresAt: c.expires}, 0, c.stay)
		if left := s.ExpiresAt.Sub(i.Tokens.Now()); err != nil || left > c.most || left < c.most-time.Minute {
			t.Errorf("stay %v, expiring %v: %v left, %v", c.stay, c.expires, left, err)
		}
	}
}

func TestSignupSettings(t *testing.T) {
	for text, ok := range map[string]bool{"open": true, "invite": true, "": false, "closed": false, "Open": false} {
		if s, err := auth.ParseSignup(text); (err == nil) != ok || ok && string(s) != text {
			t.Errorf("%q became %q, %v", text, s, err)
		}
	}
}

func TestWhereACredentialIsLookedFor(t *testing.T) {
	for name, c := range map[string]struct{ url, header, value, want string }{
		"x-access-token": {"/?access_token=q", "x-access-token", "t", "t"},
		"bearer":         {"/?access_token=q", "Authorization", "Bearer t", "t"},
		"BEARER":         {"/", "Authorization", "BEARER  t ", "t"},
		"basic":          {"/", "Authorization", "Basic dXNlcjp0OjE=", "t:1"},
		"query":          {"/?access_token=q", "X-Other", "x", "q"},
		"another scheme": {"/?access_token=q", "Authorization", "Digest x", "q"},
		"nothing":        {"/", "X-Other", "x", ""},
	} {
		r := httptest.NewRequest(http.MethodGet, c.url, nil)
		r.Header.Set(c.header, c.value)
		if got := auth.Credential(r); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
