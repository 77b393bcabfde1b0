package vagrantcloud

import (
	"cmp"
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/publish"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
	wire "github.com/boxvault/boxvault/shared/vagrantcloud"
)

// ProviderRequest names a provider and perhaps an architecture.
type ProviderRequest struct {
	api.ArchitecturePath
	In route.Incoming `json:"-"`
}

// ReadProvider tells about a provider.
func (s *Service) ReadProvider(ctx context.Context, caller registry.Caller, req ProviderRequest) (wire.Provider, error) {
	a, err := s.read(ctx, caller, req.VersionPath)
	if err != nil {
		return wire.Provider{}, err
	}
	p, arch, err := chosen(a.Version, req.ArchitecturePath)
	if err != nil {
		return wire.Provider{}, err
	}
	return s.teller(req.In).provider(a.Box, *a.Version, *p, *arch), nil
}

// chosen finds the provider of a path and the architecture that is meant, which the version does not have
// where the provider has none.
func chosen(v *registry.Version, path api.ArchitecturePath) (*registry.Provider, *registry.Architecture, error) {
	p := v.Provider(path.Provider)
	if p == nil {
		return nil, nil, registry.Missing("provider")
	}
	a := p.Choose(path.Architecture)
	if a == nil && len(p.Architectures) == 0 && (path.Architecture == "" || registry.SameName(path.Architecture, registry.UnknownArchitecture)) {
		first := firstOf(*p)
		a = &first
	}
	if a == nil {
		return p, nil, registry.Missing("architecture")
	}
	return p, a, nil
}

// CreateProviderRequest is a wish for a provider.
type CreateProviderRequest struct {
	api.VersionPath
	wire.ProviderInput
	In route.Incoming `json:"-"`
}

// CreateProvider adds a provider with an architecture, or another architecture to one that is there.
func (s *Service) CreateProvider(ctx context.Context, caller registry.Caller, req CreateProviderRequest) (wire.Provider, error) {
	w, err := check(req.Fields())
	if err == nil && w.Name == nil {
		err = registry.Wrong("name", "must not be empty")
	}
	if err != nil {
		return wire.Provider{}, err
	}
	unknown := registry.UnknownArchitecture
	w.Architecture = cmp.Or(w.Architecture, &unknown)
	return s.editProvider(ctx, caller, req.VersionPath, req.In, func(e *publish.Edit) (*registry.Provider, *registry.Architecture, error) {
		p := e.Version.Provider(*w.Name)
		if p == nil {
			if p, err = e.Version.AddProvider(*w.Name, "", s.Now()); err != nil {
				return nil, nil, err
			}
		}
		a, err := e.Version.AddArchitecture(p, *w.Architecture, "", s.Now())
		if err == nil {
			err = s.fill(e, p, a, w, caller)
		}
		return p, a, err
	})
}

// editProvider changes a version and tells about one architecture of it.
func (s *Service) editProvider(ctx context.Context, caller registry.Caller, path api.VersionPath, in route.Incoming,
	do func(*publish.Edit) (*registry.Provider, *registry.Architecture, error)) (told wire.Provider, err error) {
	_, err = s.editVersion(ctx, caller, path, func(e *publish.Edit) error {
		p, a, err := do(e)
		if err == nil {
			told = s.teller(in).provider(e.Box, *e.Version, *p, *a)
		}
		return err
	})
	if err != nil {
		return wire.Provider{}, err
	}
	return told, nil
}

// UpdateProviderRequest changes a provider.
type UpdateProviderRequest struct {
	api.ArchitecturePath
	wire.ProviderInput
	In route.Incoming `json:"-"`
}

// UpdateProvider changes an architecture of a provider; a name that was sent is the provider's.
func (s *Service) UpdateProvider(ctx context.Context, caller registry.Caller, req UpdateProviderRequest) (wire.Provider, error) {
	w, err := check(req.Fields())
	if err != nil {
		return wire.Provider{}, err
	}
	return s.editProvider(ctx, caller, req.VersionPath, req.In, func(e *publish.Edit) (*registry.Provider, *registry.Architecture, error) {
		p, a, err := chosen(e.Version, req.ArchitecturePath)
		if err == nil && len(p.Architectures) == 0 {
			a, err = e.Version.AddArchitecture(p, a.Name, "", s.Now())
		}
		if err != nil {
			return nil, nil, err
		}
		if w.Name != nil {
			err = e.Version.RenameProvider(p, *w.Name)
		}
		if err == nil && w.Architecture != nil {
			err = p.RenameArchitecture(a, *w.Architecture)
		}
		if err == nil {
			err = s.fill(e, p, a, w, caller)
		}
		return p, a, err
	})
}
