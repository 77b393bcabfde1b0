package hcp

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// UploadLink says where a file is to be PUT.
type UploadLink struct {
	URL string `json:"url"`
}

// UploadBox says where a file is to be PUT, through the registry: with its last byte it is verified and
// listed. The link needs no token.
func (s *Service) UploadBox(ctx context.Context, caller registry.Caller, req ArchitectureRequest) (UploadLink, error) {
	if s.SmallBodies {
		return UploadLink{}, registry.Errorf(registry.TooLarge,
			"this registry takes files by direct upload only: leave out no_direct_upload; a file of more than 5 GiB goes up with `boxvault push`")
	}
	u, err := s.begin(ctx, caller, req.ArchitecturePath)
	if err != nil {
		return UploadLink{}, err
	}
	ticket, err := s.Identifier.Tokens.UploadTicket(ctx, u.Home, u.ID)
	return UploadLink{req.In.Base(s.URL) + api.PutPath(u.Home, u.ID, ticket)}, err
}

// DirectUpload says where a file is to be PUT, and what is to be called then.
type DirectUpload struct {
	URL      string `json:"url"`
	Callback string `json:"callback"`
	Object   string `json:"object"`
}

// DirectUploadBox says where a file is to be PUT, to the store itself.
func (s *Service) DirectUploadBox(ctx context.Context, caller registry.Caller, req ArchitectureRequest) (DirectUpload, error) {
	u, err := s.begin(ctx, caller, req.ArchitecturePath)
	if err != nil {
		return DirectUpload{}, err
	}
	links, err := s.Uploads.Sign(ctx, u, []int{1})
	if err != nil {
		return DirectUpload{}, err
	}
	return DirectUpload{
		URL: links[0].URL, Object: u.ID,
		Callback: req.In.Base(s.URL) + pathOf(u.Target) + "/direct/complete/" + u.ID,
	}, nil
}

// pathOf is the path of the architecture that an upload goes to.
func pathOf(t registry.Target) string {
	path := base
	for _, level := range [][2]string{
		{"registry", t.Organization}, {"box", t.Box}, {"version", string(t.Version)},
		{"provider", t.Provider}, {"architecture", t.Architecture},
	} {
		path += "/" + level[0] + "/" + level[1]
	}
	return path
}

// begin opens an upload to an architecture that is there.
func (s *Service) begin(ctx context.Context, caller registry.Caller, p api.ArchitecturePath) (u registry.Upload, err error) {
	n, err := p.ParseNumber()
	if err != nil {
		return u, err
	}
	a, err := s.Gate.WriteVersion(ctx, caller, p.Organization, p.Box, n)
	if err != nil {
		return u, err
	}
	provider, err := providerIn(a.Version, p.Provider)
	if err != nil {
		return u, err
	}
	architecture, err := architectureIn(provider, p.Architecture)
	if err != nil {
		return u, err
	}
	return s.Uploads.BeginSingle(ctx, caller, a, registry.Target{
		Organization: a.Box.Organization, Box: a.Box.Name, Version: a.Version.Number,
		Provider: provider.Name, Architecture: architecture.Name,
	})
}

// CompleteRequest names an upload that was PUT.
type CompleteRequest struct {
	api.ArchitecturePath
	Object string `path:"object" json:"-"`
}

// CompleteDirectUploadBox verifies a file that was uploaded directly and lists it. Where that takes long
// it goes on behind the request; a release that is asked for meanwhile comes with its end.
func (s *Service) CompleteDirectUploadBox(ctx context.Context, caller registry.Caller, req CompleteRequest) (Empty, error) {
	t, err := req.Target()
	if err != nil {
		return Empty{}, err
	}
	a, err := s.Gate.WriteBox(ctx, caller, t.Organization, t.Box, catalog.Wanted{Upload: req.Object})
	if err == nil && (a.Upload == nil || !goesTo(*a.Upload, t)) {
		err = registry.Missing("upload")
	}
	if err == nil {
		_, err = s.Uploads.Complete(ctx, *a.Upload)
	}
	return Empty{}, err
}

// goesTo compares what is below a box: the box may have been renamed since.
func goesTo(u registry.Upload, t registry.Target) bool {
	return u.Target.Version.Key() == t.Version.Key() &&
		registry.SameName(u.Target.Provider, t.Provider) && registry.SameName(u.Target.Architecture, t.Architecture)
}
