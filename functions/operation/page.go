package operation

import (
	"context"
	"net/http"
	"strings"

	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
	"github.com/boxvault/boxvault/web"
)

// Welcome leads a visitor to the first page.
func (s *Service) Welcome(context.Context, registry.Caller, route.Nothing) (route.Redirect, error) {
	return route.Redirect{URL: web.Prefix}, nil
}

// ReadPageRequest is the address of a page, or of what one is made of.
type ReadPageRequest struct {
	// The page's name, such as reset-password, or a file's.
	Page string `path:"page" json:"-"`
	In   route.Incoming
}

// ReadPage answers with a page, a script or a style sheet. A browser is told by a page, too, that there is none.
func (s *Service) ReadPage(_ context.Context, _ registry.Caller, req ReadPageRequest) (route.Document, error) {
	f, ok := web.Find(req.Page)
	page := route.Document{Policy: web.Policy}
	switch {
	case ok:
	case strings.Contains(req.In.Accept, "text/html"):
		f = web.Missing()
		page.Status, page.Vary = http.StatusNotFound, "Accept"
	default:
		return page, registry.Missing("page")
	}
	page.ContentType, page.Body, page.MaxAge = f.ContentType, f.Body, f.MaxAge
	return page, nil
}

// ReadOrganizationPageRequest is the address of an organization's page.
type ReadOrganizationPageRequest struct {
	Organization string `path:"organization" json:"-"`
}

// ReadOrganizationPage answers with the page that shows any organization, whether there is one of the name or
// not: it asks the API what this visitor may see of it.
func (s *Service) ReadOrganizationPage(ctx context.Context, caller registry.Caller, _ ReadOrganizationPageRequest) (route.Document, error) {
	return s.ReadPage(ctx, caller, ReadPageRequest{Page: web.Organizations})
}
