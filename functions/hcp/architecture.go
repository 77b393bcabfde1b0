package hcp

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/publish"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// Architectures is a page of architectures.
type Architectures struct {
	Architectures []Architecture `json:"architectures"`
	Pagination    Pagination     `json:"pagination"`
}

// ListArchitecturesRequest asks for architectures of a provider.
type ListArchitecturesRequest struct {
	api.ProviderPath
	Page
	In route.Incoming
}

// ListArchitectures lists the architectures of a provider.
func (s *Service) ListArchitectures(ctx context.Context, caller registry.Caller, req ListArchitecturesRequest) (Architectures, error) {
	a, p, err := s.readProvider(ctx, caller, req.ProviderPath)
	if err != nil {
		return Architectures{}, err
	}
	list, next, err := part(req.Page, p.Architectures, func(a registry.Architecture) string { return a.Name })
	tell := s.teller(req.In, a.Box, false)
	return Architectures{api.Each(list, func(one registry.Architecture) Architecture {
		return tell.architecture(a.Version.Number, p.Name, one)
	}), next}, err
}

// ArchitectureAnswer has an architecture.
type ArchitectureAnswer struct {
	Architecture Architecture `json:"architecture"`
}

// ArchitectureRequest names an architecture.
type ArchitectureRequest struct {
	api.ArchitecturePath
	In route.Incoming
}

// ReadArchitecture tells about an architecture, and the file that is there.
func (s *Service) ReadArchitecture(ctx context.Context, caller registry.Caller, req ArchitectureRequest) (ArchitectureAnswer, error) {
	a, p, err := s.readProvider(ctx, caller, req.ProviderPath)
	if err != nil {
		return ArchitectureAnswer{}, err
	}
	one, err := architectureIn(p, req.Architecture)
	if err != nil {
		return ArchitectureAnswer{}, err
	}
	return s.answer(req.In, a, p.Name, one), nil
}

func architectureIn(p *registry.Provider, name string) (*registry.Architecture, error) {
	a := p.Architecture(name)
	if a == nil {
		return nil, registry.Missing("architecture")
	}
	return a, nil
}

func (s *Service) answer(in route.Incoming, at catalog.BoxAccess, provider string, a *registry.Architecture) ArchitectureAnswer {
	return ArchitectureAnswer{s.teller(in, at.Box, false).architecture(at.Version.Number, provider, *a)}
}

// CreateArchitectureRequest is a wish for an architecture.
type CreateArchitectureRequest struct {
	api.ProviderPath
	ArchitectureInput
	In route.Incoming `json:"-"`
}

// CreateArchitecture adds an architecture to a provider. The first one is the default, whatever it says.
func (s *Service) CreateArchitecture(ctx context.Context, caller registry.Caller, req CreateArchitectureRequest) (told ArchitectureAnswer, err error) {
	want, err := req.parse("")
	if err != nil {
		return told, err
	}
	_, err = s.edit(ctx, caller, req.VersionPath, func(e *publish.Edit) error {
		p, err := providerIn(e.Version, req.Provider)
		if err != nil {
			return err
		}
		a, err := e.Version.AddArchitecture(p, want.name, "", s.Now())
		if err == nil {
			err = want.apply(e, p, a, caller, s.Now())
		}
		if err == nil {
			told = s.answer(req.In, catalog.BoxAccess{Box: e.Box, Version: e.Version}, p.Name, a)
		}
		return err
	})
	return told, err
}

// UpdateArchitectureRequest changes an architecture.
type UpdateArchitectureRequest struct {
	api.ArchitecturePath
	ArchitectureInput
	In route.Incoming `json:"-"`
}

// UpdateArchitecture changes an architecture, and renames it when another type was sent.
func (s *Service) UpdateArchitecture(ctx context.Context, caller registry.Caller, req UpdateArchitectureRequest) (told ArchitectureAnswer, err error) {
	_, err = s.edit(ctx, caller, req.VersionPath, func(e *publish.Edit) error {
		p, err := providerIn(e.Version, req.Provider)
		if err != nil {
			return err
		}
		a, err := architectureIn(p, req.Architecture)
		if err != nil {
			return err
		}
		want, err := req.parse(a.Name)
		if err == nil {
			err = p.RenameArchitecture(a, want.name)
		}
		if err == nil {
			err = want.apply(e, p, a, caller, s.Now())
		}
		if err == nil {
			told = s.answer(req.In, catalog.BoxAccess{Box: e.Box, Version: e.Version}, p.Name, a)
		}
		return err
	})
	return told, err
}

// DeleteArchitecture deletes an architecture with its file.
func (s *Service) DeleteArchitecture(ctx context.Context, caller registry.Caller, req ArchitectureRequest) (Empty, error) {
	_, err := s.edit(ctx, caller, req.VersionPath, func(e *publish.Edit) error {
		p, err := providerIn(e.Version, req.Provider)
		if err != nil {
			return err
		}
		if _, err = architectureIn(p, req.Architecture); err == nil {
			e.Gone = p.RemoveArchitecture(req.Architecture, s.Now())
		}
		return err
	})
	return Empty{}, err
}
