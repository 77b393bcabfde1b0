package source

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/boxvault/boxvault/client"
)

// What HCP's own clients are set up with (hcp-sdk-go, config and config/geography).
const (
	hcpAuthURL  = "https://auth.idp.hashicorp.com"
	hcpAudience = "https://api.hashicorp.cloud"
)

// hcpTokens has the client use tokens of the service principal that HCP_CLIENT_ID and HCP_CLIENT_SECRET
// name. They go to HCP_AUTH_URL and nowhere else; tokens last an hour, and an import longer.
func (o Options) hcpTokens(ctx context.Context) (client.Option, error) {
	auth, err := client.New(cmp.Or(o.Getenv("HCP_AUTH_URL"), hcpAuthURL), "", o.Client...)
	if err != nil {
		return nil, fmt.Errorf("HCP_AUTH_URL: %w", err)
	}
	fetch := func(ctx context.Context) (string, time.Time, error) {
		return fetchToken(ctx, auth, url.Values{
			"grant_type": {"client_credentials"}, "audience": {hcpAudience},
			"client_id": {o.Getenv("HCP_CLIENT_ID")}, "client_secret": {o.Getenv("HCP_CLIENT_SECRET")},
		})
	}
	// The first one is asked for at once: what is wrong with the credentials is better told now.
	token, next, err := fetch(ctx)
	if err != nil {
		return nil, fmt.Errorf("sign in at %s with HCP_CLIENT_ID and HCP_CLIENT_SECRET: %w", auth.URL(), err)
	}
	return client.WithTokens(token, next, fetch), nil
}

// fetchToken asks for an access token (RFC 6749, 4.4), which is to be renewed after half its life.
func fetchToken(ctx context.Context, auth *client.Client, form url.Values) (token string, next time.Time, err error) {
	answer, err := client.PostForm[struct {
		Token     string `json:"access_token"`
		ExpiresIn int64  `json:"expires_in"` // seconds
	}](ctx, auth, "/oauth2/token", form)
	if err == nil && answer.Token == "" {
		err = errors.New("it gave no token")
	}
	if answer.ExpiresIn > 0 {
		next = time.Now().Add(time.Duration(answer.ExpiresIn) * time.Second / 2)
	}
	return answer.Token, next, err
}
