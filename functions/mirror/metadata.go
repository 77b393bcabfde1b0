package mirror

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

// ReadMirroredMetadata asks the upstream about a box, if it is to be asked, and answers as Vagrant reads
// it. When the upstream fails, the answer is what is known, with a Warning, or why nothing is.
func (s *Service) ReadMirroredMetadata(ctx context.Context, caller registry.Caller, req MetadataRequest) (any, error) {
	tree, role, err := s.Gate.Tree(ctx, caller, req.Organization, req.Box)
	stale := ""
	if s.Mirrors != nil && mirror.Due(tree, role, req.Organization, req.Box, err) {
		failed := s.Mirrors.Refresh(ctx, tree.Organization, req.Box)
		switch kind := registry.KindOf(failed); {
		case failed == nil || kind == registry.NotFound:
		case err == nil && (kind == registry.Upstream || kind == registry.Full):
			stale = "the upstream could not be asked; this is what is known"
		default:
			return nil, failed
		}
		tree, _, err = s.Gate.Tree(ctx, caller, req.Organization, req.Box)
	}
	if err != nil {
		return nil, err
	}
	if strings.Contains(req.In.Accept, "text/html") {
		return route.Redirect{URL: "/" + tree.Box.Tag()}, nil
	}
	return s.document(tree, req, stale)
}

func (s *Service) document(tree catalog.Tree, req MetadataRequest, stale string) (route.Document, error) {
	versions, err := tree.Versions()
	if err != nil {
		return route.Document{}, err
	}
	// Vagrant refuses a box whose name is not the one it asked for, to the letter.
	name := req.Organization + "/" + req.Box
	body, err := json.Marshal(api.FromVersions(tree.Box, versions, name, req.In.Base(s.URL)))
	return route.Document{ContentType: "application/json; charset=utf-8", Body: body, Vary: "Accept", Stale: stale}, err
}
