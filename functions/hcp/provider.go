package hcp

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/publish"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// Providers is a page of providers.
type Providers struct {
	Providers  []Provider `json:"providers"`
	Pagination Pagination `json:"pagination"`
}

// ListProvidersRequest asks for providers of a version.
type ListProvidersRequest struct {
	api.VersionPath
	Expanded bool `query:"expanded" json:"-"`
	Page
	In route.Incoming
}

// ListProviders lists the providers of a version.
func (s *Service) ListProviders(ctx context.Context, caller registry.Caller, req ListProvidersRequest) (Providers, error) {
	a, err := s.read(ctx, caller, req.VersionPath)
	if err != nil {
		return Providers{}, err
	}
	list, next, err := part(req.Page, a.Version.Providers, func(p registry.Provider) string { return p.Name })
	tell := s.teller(req.In, a.Box, req.Expanded)
	return Providers{api.Each(list, func(p registry.Provider) Provider { return tell.provider(a.Version.Number, p) }), next}, err
}

// ProviderAnswer has a provider.
type ProviderAnswer struct {
	Provider Provider `json:"provider"`
}

// ProviderRequest names a provider.
type ProviderRequest struct{ api.ProviderPath }

// ReadProviderRequest asks for a provider.
type ReadProviderRequest struct {
	api.ProviderPath
	Expanded bool `query:"expanded" json:"-"`
	In       route.Incoming
}

// ReadProvider tells about a provider.
func (s *Service) ReadProvider(ctx context.Context, caller registry.Caller, req ReadProviderRequest) (ProviderAnswer, error) {
	a, p, err := s.readProvider(ctx, caller, req.ProviderPath)
	if err != nil {
		return ProviderAnswer{}, err
	}
	return ProviderAnswer{s.teller(req.In, a.Box, req.Expanded).provider(a.Version.Number, *p)}, nil
}

func (s *Service) readProvider(ctx context.Context, caller registry.Caller, path api.ProviderPath) (catalog.BoxAccess, *registry.Provider, error) {
	a, err := s.read(ctx, caller, path.VersionPath)
	if err != nil {
		return a, nil, err
	}
	p, err := providerIn(a.Version, path.Provider)
	return a, p, err
}

func providerIn(v *registry.Version, name string) (*registry.Provider, error) {
	p := v.Provider(name)
	if p == nil {
		return nil, registry.Missing("provider")
	}
	return p, nil
}

// ProviderInput makes or changes a provider.
type ProviderInput struct {
	Name *string `json:"name,omitempty" schema:"name"`
}

// named is the name that was sent, or the one that the provider has.
func (in ProviderInput) named(name string) (string, error) {
	api.Set(&name, in.Name)
	var wrong registry.Fields
	wrong.Check("name", registry.CheckName(name))
	return name, wrong.Err()
}

// CreateProviderRequest is a wish for a provider.
type CreateProviderRequest struct {
	api.VersionPath
	ProviderInput
}

// CreateProvider adds a provider to a version.
func (s *Service) CreateProvider(ctx context.Context, caller registry.Caller, req CreateProviderRequest) (told ProviderAnswer, err error) {
	name, err := req.named("")
	if err != nil {
		return told, err
	}
	_, err = s.edit(ctx, caller, req.VersionPath, func(e *publish.Edit) error {
		p, err := e.Version.AddProvider(name, "", s.Now())
		if err == nil {
			told.Provider = teller{}.provider(e.Version.Number, *p)
		}
		return err
	})
	return told, err
}

// UpdateProviderRequest changes a provider.
type UpdateProviderRequest struct {
	api.ProviderPath
	ProviderInput
}

// UpdateProvider renames a provider.
func (s *Service) UpdateProvider(ctx context.Context, caller registry.Caller, req UpdateProviderRequest) (told ProviderAnswer, err error) {
	_, err = s.edit(ctx, caller, req.VersionPath, func(e *publish.Edit) error {
		p, err := providerIn(e.Version, req.Provider)
		if err != nil {
			return err
		}
		name, err := req.named(p.Name)
		if err != nil {
			return err
		}
		p.UpdatedAt = s.Now()
		err = e.Version.RenameProvider(p, name)
		told.Provider = teller{}.provider(e.Version.Number, *p)
		return err
	})
	return told, err
}

// DeleteProvider deletes a provider with its files.
func (s *Service) DeleteProvider(ctx context.Context, caller registry.Caller, req ProviderRequest) (Empty, error) {
	_, err := s.edit(ctx, caller, req.VersionPath, func(e *publish.Edit) error {
		_, err := providerIn(e.Version, req.Provider)
		if err == nil {
			e.Gone = e.Version.RemoveProvider(req.Provider, s.Now())
		}
		return err
	})
	return Empty{}, err
}
