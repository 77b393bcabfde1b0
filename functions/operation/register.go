package operation

import (
	"context"
	_ "embed"
	"html"
	"strings"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
	"github.com/boxvault/boxvault/web"
)

//go:embed register.html
var registerSource string

//go:embed uninvited.html
var uninvitedSource string

// Why somebody is not told how to join. The scripts take the token off the address, so that who loads the page
// again has none.
var (
	uninvitedPage = uninvited("There is no such invitation", "It was used or withdrawn, or has expired, or the link is not whole. "+
		"Look whether there is a later letter, or ask who has invited you for another one.")
	tornPage = uninvited("The link is not whole", "Open it from the letter once more.")
)

func uninvited(heading, why string) string {
	return strings.NewReplacer("{heading}", heading, "{why}", why).Replace(uninvitedSource)
}

// RegisterRequest is the link of an invitation. Its other parameter, organization, is for who reads the
// link: the page has the name that the organization has now.
type RegisterRequest struct {
	In    route.Incoming
	Token string `query:"token" json:"-"`
}

// Register tells who was invited how to join.
func (s *Service) Register(ctx context.Context, _ registry.Caller, req RegisterRequest) (route.Document, error) {
	page := route.Document{ContentType: "text/html; charset=utf-8", Policy: web.Policy}
	if req.Token == "" {
		page.Body = []byte(tornPage)
		return page, nil
	}
	i, err := s.Gate.Invited(ctx, req.Token, 0)
	switch {
	case err == nil:
		page.Body = []byte(registerPage(i, req.In.Base(s.URL), req.Token))
	case registry.KindOf(err) == registry.NotFound:
		page.Body, err = []byte(uninvitedPage), nil
	}
	return page, err
}

// registerPage has no address in what is to be typed into a shell: there are addresses that a shell
// would obey.
func registerPage(i catalog.Invited, base, token string) string {
	var pairs []string
	for word, text := range map[string]string{
		"{organization}": i.Organization.Name, "{role}": i.Invitation.Role.String(), "{by}": i.Invitation.By,
		"{email}": i.Invitation.Email, "{expires}": i.Invitation.ExpiresAt.UTC().Format("2 January 2006, 15:04 UTC"),
		"{base}": base, "{token}": token,
	} {
		pairs = append(pairs, word, html.EscapeString(text))
	}
	return strings.NewReplacer(pairs...).Replace(registerSource)
}
