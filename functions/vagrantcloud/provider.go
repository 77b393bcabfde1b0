package vagrantcloud

import (
	"cmp"
	"context"
	"slices"

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
	n, err := req.ParseNumber()
	if err != nil {
		return wire.Provider{}, err
	}
	a, err := s.Gate.ReadBox(ctx, caller, req.Organization, req.Box, n)
	if err != nil {
		return wire.Provider{}, err
	}
	p, arch, err := chosen(a.Version, req.ArchitecturePath)
	if err != nil {
		return wire.Provider{}, err
	}
	return s.teller(req.In).provider(a.Box, *a.Version, *p, *arch), nil
}

// chosen finds the provider of a path and the architecture that is meant.
func chosen(v *registry.Version, path api.ArchitecturePath) (*registry.Provider, *registry.Architecture, error) {
	p := v.Provider(path.Provider)
	if p == nil {
		return nil, nil, registry.Missing("provider")
	}
	a := p.Choose(path.Architecture)
	if a == nil {
		return p, nil, registry.Missing("architecture")
	}
	return p, a, nil
}

// wanted is what was sent of a provider, checked.
type wanted struct {
	wire.ProviderFields
	sum registry.Checksum
}

// check holds what was sent against what may be. Nothing and null change nothing; neither does an empty
// text, which clients send for what they know nothing of.
func check(in wire.ProviderFields) (w wanted, err error) {
	for _, text := range []**string{&in.URL, &in.Checksum, &in.ChecksumType, &in.Architecture} {
		if *text != nil && **text == "" {
			*text = nil
		}
	}
	w.ProviderFields = in
	var wrong registry.Fields
	var sum, algorithm string
	api.Set(&sum, in.Checksum)
	api.Set(&algorithm, in.ChecksumType)
	w.sum = registry.ParseChecksum(sum, algorithm, &wrong)
	if in.Name != nil {
		wrong.Check("name", registry.CheckName(*in.Name))
	}
	if in.Architecture != nil {
		wrong.Check("architecture", registry.CheckArchitectureName(*in.Architecture))
	}
	if in.URL != nil {
		wrong.Check("url", registry.CheckLink(*in.URL))
	}
	return w, wrong.Err()
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

// fill puts what was sent into an architecture. There is one default of a provider's at any time, so that
// it can be made it, and not be made not to be it.
func (s *Service) fill(e *publish.Edit, p *registry.Provider, a *registry.Architecture, w wanted, caller registry.Caller) error {
	if w.DefaultArchitecture != nil && *w.DefaultArchitecture {
		p.SetDefault(a.ID)
	}
	if w.URL == nil {
		if a.File != nil && a.File.Elsewhere() && w.sum.Sum != "" {
			a.File.Declared = w.sum
			return nil
		}
		a.Expect(w.sum)
		return nil
	}
	if a.File != nil && a.File.URL == *w.URL && (w.sum.Sum == "" || w.sum == a.File.Declared) {
		return nil
	}
	if a.File != nil {
		if !e.Version.Replaceable(e.Policy) {
			return registry.Errorf(registry.Conflict, "version %s is released and its file for %s/%s cannot be replaced: publish a new version", e.Version.Number, p.Name, a.Name)
		}
		e.Gone = append(e.Gone, *a.File)
	}
	file := registry.NewExternalFile(*w.URL, w.sum, caller.Username, s.Now())
	a.File, a.Expected, a.UpdatedAt = &file, nil, s.Now()
	return nil
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

// DeleteProvider deletes an architecture, and its provider when it was the last one.
func (s *Service) DeleteProvider(ctx context.Context, caller registry.Caller, req ProviderRequest) (wire.Provider, error) {
	return s.editProvider(ctx, caller, req.VersionPath, req.In, func(e *publish.Edit) (*registry.Provider, *registry.Architecture, error) {
		p := e.Version.Provider(req.Provider)
		if p == nil {
			return nil, nil, registry.Missing("provider")
		}
		if len(p.Architectures) == 0 {
			gone := *p
			e.Version.RemoveProvider(p.Name, s.Now())
			return &gone, &registry.Architecture{Name: registry.UnknownArchitecture, CreatedAt: gone.CreatedAt, UpdatedAt: gone.UpdatedAt}, nil
		}
		a, err := toDelete(p, req.Architecture)
		if err != nil {
			return nil, nil, err
		}
		provider, gone := *p, *a
		if len(p.Architectures) == 1 {
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
	if len(p.Architectures) == 1 {
		return &p.Architectures[0], nil
	}
	empty := slices.IndexFunc(p.Architectures, func(a registry.Architecture) bool { return a.File == nil })
	more := empty >= 0 && slices.ContainsFunc(p.Architectures[empty+1:], func(a registry.Architecture) bool { return a.File == nil })
	if empty < 0 || more {
		return nil, registry.Errorf(registry.Conflict, "provider %s has several architectures: say which one is to be deleted", p.Name)
	}
	return &p.Architectures[empty], nil
}
