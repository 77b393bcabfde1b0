package operation

import (
	"bytes"
	"context"
	_ "embed"
	"html/template"

	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

//go:embed welcome.html
var welcomeSource string

var welcomeTemplate = template.Must(template.New("welcome").Parse(welcomeSource))

// WelcomeRequest is a visit.
type WelcomeRequest struct {
	In route.Incoming
}

// Welcome tells a visitor what this is and what to do first.
func (s *Service) Welcome(ctx context.Context, _ registry.Caller, req WelcomeRequest) (route.Document, error) {
	used, err := s.Catalog.HasAccounts(ctx)
	if err != nil {
		return route.Document{}, err
	}
	var out bytes.Buffer
	err = welcomeTemplate.Execute(&out, struct {
		Base string
		Used bool
	}{req.In.Base(s.URL), used})
	return route.Document{ContentType: "text/html; charset=utf-8", Body: out.Bytes()}, err
}
