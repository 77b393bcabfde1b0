package operation

import (
	"context"
	_ "embed"
	"html"
	"strings"

	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

//go:embed welcome.html
var welcomeSource string

//go:embed first.html
var firstSource string

var welcomePolicy = route.PagePolicy(welcomeSource)

// WelcomeRequest is a visit.
type WelcomeRequest struct {
	In route.Incoming
}

// Welcome tells a visitor what this is, and how to be the first where nobody has signed up.
func (s *Service) Welcome(ctx context.Context, _ registry.Caller, req WelcomeRequest) (route.Document, error) {
	used, err := s.Catalog.HasAccounts(ctx)
	first := firstSource
	if used {
		first = ""
	}
	body := strings.ReplaceAll(welcomeSource, "{first}", first)
	body = strings.ReplaceAll(body, "{base}", html.EscapeString(req.In.Base(s.URL)))
	return route.Document{ContentType: "text/html; charset=utf-8", Body: []byte(body), Policy: welcomePolicy}, err
}
