package cli

import (
	"cmp"
	"errors"
	"time"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/shared/api"
)

// connect makes a client of the registry that is meant, as who the user is there: the URL is
// --url, BOXVAULT_URL, or that of the last login; the token is BOXVAULT_TOKEN, or that of the login
// at that URL. Without a token it is a stranger's.
func (a *App) connect(more ...client.Option) (*client.Client, error) {
	saved, err := a.readCredentials()
	if err != nil {
		return nil, err
	}
	url := cmp.Or(a.url, a.Getenv("BOXVAULT_URL"), saved.Default)
	if url == "" {
		return nil, hint(usageError{errors.New("no registry to talk to")}, "log in with `boxvault login URL`, or set BOXVAULT_URL")
	}
	if url, err = client.ParseURL(url); err != nil {
		return nil, usageError{err}
	}
	if token := a.Getenv("BOXVAULT_TOKEN"); token != "" {
		return a.newClient(url, token, more...)
	}
	me := saved.Registries[url]
	if me.RenewAt.IsZero() {
		return a.newClient(url, me.Token, more...)
	}
	renewal := client.WithRenewal(me.RenewAt, func(s api.Session) { a.keep(url, s) })
	return a.newClient(url, me.Token, append(more, renewal)...)
}

// keep writes a renewed session down. When that fails the old one still has half its life.
func (a *App) keep(url string, s api.Session) {
	err := a.changeCredentials(func(c *credentials) { c.Registries[url] = fromSession(s, time.Now()) })
	if err != nil {
		a.say("the renewed session could not be kept: %v", err)
	}
}

func (a *App) newClient(url, token string, more ...client.Option) (*client.Client, error) {
	c, err := client.New(url, token, append(a.options(), more...)...)
	if err != nil {
		return nil, usageError{err}
	}
	return c, nil
}

// options are those of every client that a command makes.
func (a *App) options() []client.Option {
	return append([]client.Option{client.WithUserAgent("boxvault/" + a.Version)}, a.Client...)
}
