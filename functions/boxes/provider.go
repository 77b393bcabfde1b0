package boxes

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/publish"
	"github.com/boxvault/boxvault/shared/registry"
)

// ListProviders lists the providers of a version.
func (s *Service) ListProviders(ctx context.Context, caller registry.Caller, req VersionRequest) ([]api.Provider, error) {
	v, err := s.readVersion(ctx, caller, req.VersionPath)
	if err != nil {
		return nil, err
	}
	return api.FromVersion(*v).Providers, nil
}

// ProviderRequest names a provider.
type ProviderRequest struct{ api.ProviderPath }

// ReadProvider tells about a provider.
func (s *Service) ReadProvider(ctx context.Context, caller registry.Caller, req ProviderRequest) (api.Provider, error) {
	v, p, err := s.readProvider(ctx, caller, req.ProviderPath)
	if err != nil {
		return api.Provider{}, err
	}
	told := api.FromProvider(v.ID, *p)
	told.Revised = api.At(v.Revision)
	return told, nil
}

func (s *Service) readProvider(ctx context.Context, caller registry.Caller, path api.ProviderPath) (*registry.Version, *registry.Provider, error) {
	v, err := s.readVersion(ctx, caller, path.VersionPath)
	if err != nil {
		return nil, nil, err
	}
	p, err := providerIn(v, path.Provider)
	return v, p, err
}

func providerIn(v *registry.Version, name string) (*registry.Provider, error) {
	p := v.Provider(name)
	if p == nil {
		return nil, registry.Missing("provider")
	}
	return p, nil
}

// CreateProviderRequest is a wish for a provider.
type CreateProviderRequest struct {
	api.VersionPath
	api.ProviderInput
}

// CreateProvider adds a provider to a version.
func (s *Service) CreateProvider(ctx context.Context, caller registry.Caller, req CreateProviderRequest) (told api.Provider, err error) {
	var want registry.Provider
	if err := applyProvider(&want, req.ProviderInput); err != nil {
		return told, err
	}
	err = s.change(ctx, caller, req.VersionPath, func(e *publish.Edit) error {
		_, err := e.Version.AddProvider(want.Name, want.Description, s.Now())
		return err
	}, func(v registry.Version) { told = api.FromProvider(v.ID, *v.Provider(want.Name)) })
	return told, err
}

// applyProvider puts what was sent into a provider and checks it.
func applyProvider(p *registry.Provider, in api.ProviderInput) error {
	api.Set(&p.Name, in.Name)
	api.Set(&p.Description, in.Description)
	var wrong registry.Fields
	wrong.Check("name", registry.CheckName(p.Name))
	wrong.Check("description", registry.CheckText(p.Description, 4096))
	return wrong.Err()
}

// UpdateProviderRequest changes a provider.
type UpdateProviderRequest struct {
	api.ProviderPath
	api.ProviderInput
}

// UpdateProvider changes a provider, and renames it when another name was sent.
func (s *Service) UpdateProvider(ctx context.Context, caller registry.Caller, req UpdateProviderRequest) (told api.Provider, err error) {
	var name string
	err = s.change(ctx, caller, req.VersionPath, func(e *publish.Edit) error {
		p, err := providerIn(e.Version, req.Provider)
		if err != nil {
			return err
		}
		want := *p
		if err := applyProvider(&want, req.ProviderInput); err != nil {
			return err
		}
		name, p.Description, p.UpdatedAt = want.Name, want.Description, s.Now()
		return e.Version.RenameProvider(p, want.Name)
	}, func(v registry.Version) { told = api.FromProvider(v.ID, *v.Provider(name)) })
	return told, err
}

// DeleteProvider deletes a provider with its files.
func (s *Service) DeleteProvider(ctx context.Context, caller registry.Caller, req ProviderRequest) (api.Done, error) {
	err := s.change(ctx, caller, req.VersionPath, func(e *publish.Edit) error {
		if _, err := providerIn(e.Version, req.Provider); err != nil {
			return err
		}
		e.Gone = e.Version.RemoveProvider(req.Provider, s.Now())
		return nil
	}, func(registry.Version) {})
	return api.OK("Provider " + req.Provider + " deleted."), err
}
