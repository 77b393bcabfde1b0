package boxes

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/publish"
	"github.com/boxvault/boxvault/shared/registry"
)

// ListArchitectures lists the architectures of a provider.
func (s *Service) ListArchitectures(ctx context.Context, caller registry.Caller, req ProviderRequest) ([]api.Architecture, error) {
	v, p, err := s.readProvider(ctx, caller, req.ProviderPath)
	if err != nil {
		return nil, err
	}
	return api.FromProvider(v.ID, *p).Architectures, nil
}

// ArchitectureRequest names an architecture.
type ArchitectureRequest struct{ api.ArchitecturePath }

// ReadArchitecture tells about an architecture.
func (s *Service) ReadArchitecture(ctx context.Context, caller registry.Caller, req ArchitectureRequest) (api.Architecture, error) {
	v, p, err := s.readProvider(ctx, caller, req.ProviderPath)
	if err != nil {
		return api.Architecture{}, err
	}
	a, err := architectureIn(p, req.Architecture)
	if err != nil {
		return api.Architecture{}, err
	}
	told := api.FromArchitecture(p.ID, *a)
	told.Revised = api.At(v.Revision)
	return told, nil
}

func architectureIn(p *registry.Provider, name string) (*registry.Architecture, error) {
	a := p.Architecture(name)
	if a == nil {
		return nil, registry.Missing("architecture")
	}
	return a, nil
}

// CreateArchitectureRequest is a wish for an architecture.
type CreateArchitectureRequest struct {
	api.ProviderPath
	api.ArchitectureInput
}

// CreateArchitecture adds an architecture to a provider. The first one is the default, whatever it
// says.
func (s *Service) CreateArchitecture(ctx context.Context, caller registry.Caller, req CreateArchitectureRequest) (told api.Architecture, err error) {
	var want registry.Architecture
	if err := applyArchitecture(&want, req.ArchitectureInput); err != nil {
		return told, err
	}
	err = s.change(ctx, caller, req.VersionPath, func(e *publish.Edit) error {
		p, err := providerIn(e.Version, req.Provider)
		if err != nil {
			return err
		}
		a, err := e.Version.AddArchitecture(p, want.Name, want.Description, s.Now())
		if err == nil && want.Default {
			p.SetDefault(a.ID)
		}
		return err
	}, func(v registry.Version) { told = architectureOf(v, req.Provider, want.Name) })
	return told, err
}

func architectureOf(v registry.Version, provider, name string) api.Architecture {
	p := v.Provider(provider)
	return api.FromArchitecture(p.ID, *p.Architecture(name))
}

// applyArchitecture puts what was sent into an architecture and checks it.
func applyArchitecture(a *registry.Architecture, in api.ArchitectureInput) error {
	api.Set(&a.Name, in.Name)
	api.Set(&a.Description, in.Description)
	api.Set(&a.Default, in.DefaultBox)
	var wrong registry.Fields
	wrong.Check("name", registry.CheckArchitectureName(a.Name))
	wrong.Check("description", registry.CheckText(a.Description, 4096))
	return wrong.Err()
}

// UpdateArchitectureRequest changes an architecture.
type UpdateArchitectureRequest struct {
	api.ArchitecturePath
	api.ArchitectureInput
}

// UpdateArchitecture changes an architecture. The default one stays it until another one becomes
// it: there is always just one.
func (s *Service) UpdateArchitecture(ctx context.Context, caller registry.Caller, req UpdateArchitectureRequest) (told api.Architecture, err error) {
	var name string
	err = s.change(ctx, caller, req.VersionPath, func(e *publish.Edit) error {
		p, err := providerIn(e.Version, req.Provider)
		if err != nil {
			return err
		}
		a, err := architectureIn(p, req.Architecture)
		if err != nil {
			return err
		}
		want := *a
		if err := applyArchitecture(&want, req.ArchitectureInput); err != nil {
			return err
		}
		if want.Default {
			p.SetDefault(a.ID)
		}
		name, a.Description, a.UpdatedAt = want.Name, want.Description, s.Now()
		return p.RenameArchitecture(a, want.Name)
	}, func(v registry.Version) { told = architectureOf(v, req.Provider, name) })
	return told, err
}

// DeleteArchitecture deletes an architecture with its file.
func (s *Service) DeleteArchitecture(ctx context.Context, caller registry.Caller, req ArchitectureRequest) (api.Done, error) {
	err := s.change(ctx, caller, req.VersionPath, func(e *publish.Edit) error {
		p, err := providerIn(e.Version, req.Provider)
		if err != nil {
			return err
		}
		if _, err := architectureIn(p, req.Architecture); err != nil {
			return err
		}
		e.Gone = p.RemoveArchitecture(req.Architecture, s.Now())
		return nil
	}, func(registry.Version) {})
	return api.OK("Architecture " + req.Architecture + " deleted."), err
}
