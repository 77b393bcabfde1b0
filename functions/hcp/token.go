package hcp

import (
	"cmp"
	"context"
	"net/url"

	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// TokenRequest is a grant of the client itself (RFC 6749, 4.4): the credentials are in the form, or in
// Authorization: Basic, urlencoded (2.3.1). A scope or an audience changes nothing.
type TokenRequest struct {
	In   route.Incoming
	Form route.Stream `values:"grant_type,client_id,client_secret,scope,audience"`
}

// Token is what a grant is exchanged for.
type Token struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	ExpiresIn   int64  `json:"expires_in"` // seconds
}

// ExchangeToken starts a session of a service account.
func (s *Service) ExchangeToken(ctx context.Context, _ registry.Caller, req TokenRequest) (Token, error) {
	client, secret, err := req.credentials()
	if err != nil {
		return Token{}, err
	}
	service, owner, err := s.Identifier.Service(ctx, client, secret)
	if err != nil {
		return Token{}, err
	}
	token, session, err := s.Identifier.Tokens.ForService(ctx, service, owner.Epoch, false)
	return Token{token, "Bearer", int64(session.ExpiresAt.Sub(s.Now()).Seconds())}, err
}

func (r TokenRequest) credentials() (client, secret string, err error) {
	form, err := r.Form.Values()
	if err != nil {
		return "", "", err
	}
	client = cmp.Or(unescaped(r.In.User), form.Get("client_id"))
	secret = cmp.Or(unescaped(r.In.Password), form.Get("client_secret"))
	var wrong registry.Fields
	if form.Get("grant_type") == "" {
		wrong.Add("grant_type", "must be client_credentials")
	}
	if client == "" {
		wrong.Add("client_id", "must be that of a service account")
	}
	if secret == "" {
		wrong.Add("client_secret", "must be that of a service account")
	}
	if err := wrong.Err(); err != nil {
		return "", "", err
	}
	if form.Get("grant_type") != "client_credentials" {
		return "", "", registry.Errorf(registry.Invalid, "the only grant here is client_credentials, of a service account").
			With(route.OAuthCode, "unsupported_grant_type")
	}
	return client, secret, nil
}

// unescaped takes what is not urlencoded as it is: not every client keeps to the letter.
func unescaped(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}
