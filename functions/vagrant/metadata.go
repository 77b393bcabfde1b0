package vagrant

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/mirror"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// MetadataRequest names a box.
type MetadataRequest struct {
	api.BoxPath
	In route.Incoming
}

const jsonType = "application/json; charset=utf-8"

// ReadMetadata answers with the metadata of a box. Its name is the box's own, unless it is Vagrant
// that asks, who needs `org/box`.
func (s *Service) ReadMetadata(ctx context.Context, caller registry.Caller, req MetadataRequest) (route.Document, error) {
	tree, _, err := s.Gate.Tree(ctx, caller, req.Organization, req.Box)
	if err != nil {
		return route.Document{}, err
	}
	name := tree.Box.Name
	if strings.Contains(req.In.Accept, "application/json") {
		name = tree.Box.Tag()
	}
	return s.document(tree, name, req.In.Base(s.URL))
}

// ReadVagrantMetadata answers with the metadata as Vagrant reads it, and to a browser with a page, also where
// there is nothing that the caller may see. It leads who asks for a box of a mirror to the row that asks the
// upstream, when that is to be asked.
func (s *Service) ReadVagrantMetadata(ctx context.Context, caller registry.Caller, req MetadataRequest) (any, error) {
	browser := strings.Contains(req.In.Accept, "text/html")
	answer, err := s.vagrantMetadata(ctx, caller, req, browser)
	if browser && registry.KindOf(err) == registry.NotFound {
		return missing(), nil
	}
	return answer, err
}

func (s *Service) vagrantMetadata(ctx context.Context, caller registry.Caller, req MetadataRequest, browser bool) (any, error) {
	if registry.CheckOrganizationName(req.Organization) != nil {
		return nil, registry.Missing("box")
	}
	tree, role, err := s.Gate.Tree(ctx, caller, req.Organization, req.Box)
	if s.Mirrors && !(browser && err == nil) && mirror.Due(tree, role, req.Organization, req.Box, err) {
		return route.Redirect{URL: mirrored(req)}, nil
	}
	if err != nil {
		return nil, err
	}
	if browser {
		return page(tree, req.In.Base(s.URL))
	}
	// Vagrant refuses a box whose name is not the one it asked for, to the letter.
	return s.document(tree, req.Organization+"/"+req.Box, req.In.Base(s.URL))
}

// document renders the metadata, or takes what was rendered of the very same revisions before.
func (s *Service) document(tree catalog.Tree, name, base string) (route.Document, error) {
	key := name + "\n" + base + "\n" + tree.Box.ID.String()
	stamp := tree.Stamp()
	body, ok := s.rendered.get(key, stamp)
	if !ok {
		versions, err := tree.Versions()
		if err != nil {
			return route.Document{}, err
		}
		if body, err = json.Marshal(api.FromVersions(tree.Box, versions, name, base)); err != nil {
			return route.Document{}, err
		}
		s.rendered.put(key, stamp, body)
	}
	return route.Document{ContentType: jsonType, Body: body, ETag: `"` + stamp + `"`, Vary: "Accept"}, nil
}

// mirrored is where a request is led. The query may hold the token of who asks.
func mirrored(req MetadataRequest) string {
	to := api.MirrorPath(req.Organization, req.Box)
	if req.In.Query != "" {
		to += "?" + req.In.Query
	}
	return to
}
