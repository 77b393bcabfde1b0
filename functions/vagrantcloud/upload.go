package vagrantcloud

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
	wire "github.com/boxvault/boxvault/shared/vagrantcloud"
)

// BeginDirectUpload opens an upload, and answers with a URL of the store and with what to call once the
// file is there. The callback's path is all that clients use of its URL, at the API that they use.
func (s *Service) BeginDirectUpload(ctx context.Context, caller registry.Caller, req ProviderRequest) (wire.Upload, error) {
	u, err := s.begin(ctx, caller, req.ArchitecturePath)
	if err != nil {
		return wire.Upload{}, err
	}
	links, err := s.Uploads.Sign(ctx, u, []int{1})
	if err != nil {
		return wire.Upload{}, err
	}
	t, at := s.teller(req.In), u.Target
	callback := t.base + t.api + "/box/" + at.Organization + "/" + at.Box + "/version/" + string(at.Version) +
		"/provider/" + at.Provider + "/" + at.Architecture + "/upload/" + u.ID
	return wire.Upload{UploadPath: links[0].URL, Callback: callback}, nil
}

// BeginUpload opens an upload, and answers with a URL of the registry itself. Clients end up here with files
// of more than 5 GiB, which no store takes in one piece.
func (s *Service) BeginUpload(ctx context.Context, caller registry.Caller, req ProviderRequest) (wire.Upload, error) {
	if s.SmallBodies {
		return wire.Upload{}, registry.Errorf(registry.TooLarge,
			"this registry takes files by direct upload only: leave out --no-direct-upload; a file of more than 5 GiB goes up with `boxvault push`")
	}
	u, err := s.begin(ctx, caller, req.ArchitecturePath)
	if err != nil {
		return wire.Upload{}, err
	}
	ticket, err := s.Tokens.UploadTicket(ctx, u.Home, u.ID)
	return wire.Upload{UploadPath: s.teller(req.In).base + api.PutPath(u.Home, u.ID, ticket)}, err
}

// begin opens an upload to a provider that is there.
func (s *Service) begin(ctx context.Context, caller registry.Caller, path api.ArchitecturePath) (u registry.Upload, err error) {
	n, err := path.ParseNumber()
	if err != nil {
		return u, err
	}
	a, err := s.Gate.WriteVersion(ctx, caller, path.Organization, path.Box, n)
	if err != nil {
		return u, err
	}
	p := a.Version.Provider(path.Provider)
	if p == nil {
		return u, registry.Missing("provider")
	}
	t := registry.Target{
		Organization: a.Box.Organization, Box: a.Box.Name, Version: a.Version.Number,
		Provider: p.Name, Architecture: registry.UnknownArchitecture,
	}
	switch arch := p.Choose(path.Architecture); {
	case arch != nil:
		t.Architecture = arch.Name
	case path.Architecture != "":
		return u, registry.Missing("architecture")
	}
	return s.Uploads.BeginSingle(ctx, caller, a, t)
}

// CompleteUploadRequest names an upload.
type CompleteUploadRequest struct {
	api.ArchitecturePath
	Upload string         `path:"upload" json:"-"`
	In     route.Incoming `json:"-"`
}

// CompleteUpload verifies a file that was uploaded directly, and tells about the provider that has it. Where
// that takes long, it goes on behind the request, and the version can be released meanwhile.
func (s *Service) CompleteUpload(ctx context.Context, caller registry.Caller, req CompleteUploadRequest) (wire.Provider, error) {
	n, err := req.ParseNumber()
	if err != nil {
		return wire.Provider{}, err
	}
	a, err := s.Gate.WriteBox(ctx, caller, req.Organization, req.Box, catalog.Wanted{Number: n, Upload: req.Upload})
	if err != nil {
		return wire.Provider{}, err
	}
	if a.Upload == nil || a.Version == nil || a.Upload.VersionID != a.Version.ID {
		return wire.Provider{}, registry.Missing("upload")
	}
	u, err := s.Uploads.Complete(ctx, *a.Upload)
	if err != nil {
		return wire.Provider{}, err
	}
	if u.File != nil { // as it was written
		if _, err := a.Version.Place(u.Target.Provider, u.Target.Architecture, *u.File, s.Now()); err != nil {
			return wire.Provider{}, err
		}
	}
	p, arch, err := chosen(a.Version, api.ArchitecturePath{ProviderPath: api.ProviderPath{Provider: u.Target.Provider}, Architecture: u.Target.Architecture})
	if err != nil {
		return wire.Provider{}, err
	}
	return s.teller(req.In).provider(a.Box, *a.Version, *p, *arch), nil
}
