package files

import (
	"context"
	"strings"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// writable reads the box that a file is to go to, for a caller who may write it. The version, the
// provider and the architecture need not be there; the upload comes along when its id is not empty.
func (s *Service) writable(ctx context.Context, caller registry.Caller, p api.ArchitecturePath, upload string) (catalog.BoxAccess, registry.Target, error) {
	t, err := p.Target()
	if err != nil {
		return catalog.BoxAccess{}, t, err
	}
	a, err := s.Gate.WriteBox(ctx, caller, t.Organization, t.Box, catalog.Wanted{Number: t.Version, Upload: upload})
	return a, t, err
}

// destination is writable for a file that is about to come: the box itself may be made for it.
func (s *Service) destination(ctx context.Context, caller registry.Caller, p api.ArchitecturePath) (catalog.BoxAccess, registry.Target, error) {
	a, t, err := s.writable(ctx, caller, p, "")
	if registry.KindOf(err) == registry.NotFound && caller.ServiceAccount != 0 {
		a, err = s.makeBox(ctx, caller, t, err)
	}
	return a, t, err
}

// makeBox makes the box that a service account uploads to, where the organization allows that.
func (s *Service) makeBox(ctx context.Context, caller registry.Caller, t registry.Target, missing error) (catalog.BoxAccess, error) {
	o, _, err := s.Gate.Organization(ctx, caller, t.Organization, registry.RoleMember)
	if err != nil || !o.Policy.ServiceAccountsCreateBoxes {
		return catalog.BoxAccess{}, missing
	}
	var wrong registry.Fields
	wrong.Check("name", registry.CheckName(t.Box))
	if err := wrong.Err(); err != nil {
		return catalog.BoxAccess{}, err
	}
	b := registry.NewBox(o, t.Box, caller.Account, s.Uploads.Now())
	// A Conflict is another upload that made it meanwhile.
	if _, err := s.Catalog.CreateBox(ctx, o, b); err != nil && registry.KindOf(err) != registry.Conflict {
		return catalog.BoxAccess{}, err
	}
	return s.Gate.WriteBox(ctx, caller, t.Organization, t.Box, catalog.Wanted{Number: t.Version})
}

// stored is a file that a caller may read, and where it is.
type stored struct {
	box    registry.Box
	file   registry.File
	path   string // of the stable download URL
	access catalog.BoxAccess
	target registry.Target
}

// readable reads a file for a caller who may see it.
func (s *Service) readable(ctx context.Context, caller registry.Caller, p api.ArchitecturePath) (stored, error) {
	n, err := p.ParseNumber()
	if err != nil {
		return stored{}, err
	}
	a, err := s.Gate.ReadBox(ctx, caller, p.Organization, p.Box, n)
	if err != nil {
		return stored{}, err
	}
	if p.Architecture == "" {
		p = unnamed(p, a.Version)
	}
	provider, arch := a.Version.FileAt(p.Provider, p.Architecture)
	if arch == nil {
		return stored{}, registry.Missing("file")
	}
	path := api.DownloadPath(a.Box, a.Version.Number, provider.Name, *arch)
	target := registry.Target{
		Organization: a.Box.Organization, Box: a.Box.Name, Version: a.Version.Number, Provider: provider.Name, Architecture: arch.Name,
	}
	return stored{box: a.Box, file: *arch.File, path: path, access: a, target: target}, nil
}

// unnamed is the path that Vagrant Cloud's URLs of before Vagrant 2.4 stand for: they name a file
// PROVIDER.box, and no architecture.
func unnamed(p api.ArchitecturePath, v *registry.Version) api.ArchitecturePath {
	p.Provider = strings.TrimSuffix(p.Provider, ".box")
	if provider := v.Provider(p.Provider); provider != nil {
		if a := provider.Choose(""); a != nil {
			p.Architecture = a.Name
		}
	}
	return p
}
