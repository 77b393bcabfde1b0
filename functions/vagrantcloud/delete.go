package vagrantcloud

import (
	"context"
	"slices"

	"github.com/boxvault/boxvault/shared/publish"
	"github.com/boxvault/boxvault/shared/registry"
	wire "github.com/boxvault/boxvault/shared/vagrantcloud"
)

// DeleteProvider deletes an architecture, and its provider when it was the last one.
func (s *Service) DeleteProvider(ctx context.Context, caller registry.Caller, req ProviderRequest) (wire.Provider, error) {
	return s.editProvider(ctx, caller, req.VersionPath, req.In, func(e *publish.Edit) (*registry.Provider, *registry.Architecture, error) {
		p := e.Version.Provider(req.Provider)
		if p == nil {
			return nil, nil, registry.Missing("provider")
		}
		a, err := toDelete(p, req.Architecture)
		if err != nil {
			return nil, nil, err
		}
		provider, gone := *p, *a
		if len(p.Architectures) <= 1 {
			e.Gone = e.Version.RemoveProvider(p.Name, s.Now())
		} else {
			e.Gone = p.RemoveArchitecture(a.Name, s.Now())
		}
		return &provider, &gone, nil
	})
}

// toDelete is the architecture that is meant. Packer names none when it clears away a provider whose upload
// failed: of several it is the only one without a file. Files that others published are not guessed at.
func toDelete(p *registry.Provider, name string) (*registry.Architecture, error) {
	if name != "" {
		if a := p.Architecture(name); a != nil {
			return a, nil
		}
		return nil, registry.Missing("architecture")
	}
	switch len(p.Architectures) {
	case 0:
		first := firstOf(*p)
		return &first, nil
	case 1:
		return &p.Architectures[0], nil
	}
	empty := slices.IndexFunc(p.Architectures, func(a registry.Architecture) bool { return a.File == nil })
	more := empty >= 0 && slices.ContainsFunc(p.Architectures[empty+1:], func(a registry.Architecture) bool { return a.File == nil })
	if empty < 0 || more {
		return nil, registry.Errorf(registry.Conflict, "provider %s has several architectures: say which one is to be deleted", p.Name)
	}
	return &p.Architectures[empty], nil
}
