package registry

import (
	"slices"
	"time"
)

// The rules of what is in a version. They change the record in memory; that all of it is written
// at once is the catalog's business.

// NewVersion makes an unreleased version of a box.
func NewVersion(b Box, n Number, now time.Time) Version {
	return Version{ID: NewID(), Box: b.ID, BoxEra: b.Era, Number: n, Status: Unreleased, CreatedAt: now, UpdatedAt: now}
}

// Provider returns the provider of that name, nil when there is none.
func (v *Version) Provider(name string) *Provider {
	i := slices.IndexFunc(v.Providers, func(p Provider) bool { return SameName(p.Name, name) })
	if i < 0 {
		return nil
	}
	return &v.Providers[i]
}

// Architecture returns the architecture of that name, nil when there is none.
func (p *Provider) Architecture(name string) *Architecture {
	i := slices.IndexFunc(p.Architectures, func(a Architecture) bool { return SameName(a.Name, name) })
	if i < 0 {
		return nil
	}
	return &p.Architectures[i]
}

// maxArtifacts is how many providers and architectures a version can have, together: they are one
// record, and a store's documents have a limit.
const maxArtifacts = 300

// room is an error when nothing can be added any more.
func (v *Version) room() error {
	n := 0
	for _, p := range v.Providers {
		n += 1 + len(p.Architectures)
	}
	if n < maxArtifacts {
		return nil
	}
	return Errorf(Invalid, "version %s has as many providers and architectures as a version can have (%d)", v.Number, maxArtifacts)
}

// AddProvider adds a provider. Conflict when the name is taken.
func (v *Version) AddProvider(name, description string, now time.Time) (*Provider, error) {
	if v.Provider(name) != nil {
		return nil, Errorf(Conflict, "provider %s already exists in version %s", name, v.Number)
	}
	if err := v.room(); err != nil {
		return nil, err
	}
	v.Providers = append(v.Providers, Provider{
		ID: NewID(), Name: name, Description: description, CreatedAt: now, UpdatedAt: now,
	})
	v.UpdatedAt = now
	return &v.Providers[len(v.Providers)-1], nil
}

// RemoveProvider takes a provider out and returns the files that went with it.
func (v *Version) RemoveProvider(name string, now time.Time) []File {
	gone := v.Provider(name)
	if gone == nil {
		return nil
	}
	files := gone.Files()
	id := gone.ID
	v.Providers = slices.DeleteFunc(v.Providers, func(p Provider) bool { return p.ID == id })
	v.UpdatedAt = now
	return files
}

// RemoveProviders takes all providers out and returns the files that went with them.
func (v *Version) RemoveProviders(now time.Time) []File {
	files := v.Files()
	v.Providers, v.UpdatedAt = nil, now
	return files
}

// AddArchitecture adds an architecture to a provider of the version; the first one is the
// default. Conflict when the name is taken.
func (v *Version) AddArchitecture(p *Provider, name, description string, now time.Time) (*Architecture, error) {
	if p.Architecture(name) != nil {
		return nil, Errorf(Conflict, "architecture %s already exists for provider %s", name, p.Name)
	}
	if err := v.room(); err != nil {
		return nil, err
	}
	p.Architectures = append(p.Architectures, Architecture{
		ID: NewID(), Name: name, Description: description, Default: len(p.Architectures) == 0,
		CreatedAt: now, UpdatedAt: now,
	})
	p.UpdatedAt, v.UpdatedAt = now, now
	return &p.Architectures[len(p.Architectures)-1], nil
}

// SetDefault makes an architecture the provider's default one, and the others not.
func (p *Provider) SetDefault(id ID) {
	for i := range p.Architectures {
		p.Architectures[i].Default = p.Architectures[i].ID == id
	}
}

// RemoveArchitecture takes an architecture out and returns the files that went with it. When it
// was the default, the first of the others becomes it.
func (p *Provider) RemoveArchitecture(name string, now time.Time) []File {
	gone := p.Architecture(name)
	if gone == nil {
		return nil
	}
	var files []File
	if gone.File != nil {
		files = append(files, *gone.File)
	}
	id, wasDefault := gone.ID, gone.Default
	p.Architectures = slices.DeleteFunc(p.Architectures, func(a Architecture) bool { return a.ID == id })
	if wasDefault && len(p.Architectures) > 0 {
		p.SetDefault(p.Architectures[0].ID)
	}
	p.UpdatedAt = now
	return files
}

// RemoveArchitectures takes all architectures out and returns the files that went with them.
func (p *Provider) RemoveArchitectures(now time.Time) []File {
	files := p.Files()
	p.Architectures, p.UpdatedAt = nil, now
	return files
}

// Files returns the files of the provider.
func (p *Provider) Files() (files []File) {
	for _, a := range p.Architectures {
		if a.File != nil {
			files = append(files, *a.File)
		}
	}
	return files
}

// Files returns the files of the version.
func (v *Version) Files() (files []File) {
	for i := range v.Providers {
		files = append(files, v.Providers[i].Files()...)
	}
	return files
}

// Place puts a verified file at its provider and architecture, creating what is missing, and
// releases the version unless it is on hold. It returns the file that was there before.
func (v *Version) Place(provider, architecture string, file File, now time.Time) (replaced *File, err error) {
	p := v.Provider(provider)
	if p == nil {
		if p, err = v.AddProvider(provider, "", now); err != nil {
			return nil, err
		}
	}
	a := p.Architecture(architecture)
	if a == nil {
		if a, err = v.AddArchitecture(p, architecture, "", now); err != nil {
			return nil, err
		}
	}
	replaced, a.File, a.Expected = a.File, &file, nil
	a.UpdatedAt, p.UpdatedAt, v.UpdatedAt = now, now, now
	if v.Status == Unreleased && !v.Hold {
		v.Status = Active
	}
	return replaced, nil
}

// SortVersions puts versions in version order, the oldest first.
func SortVersions(versions []Version) {
	slices.SortStableFunc(versions, func(a, b Version) int { return a.Number.Compare(b.Number) })
}

// FileAt returns the provider and the architecture of a file; nil when there is no file there.
func (v *Version) FileAt(provider, architecture string) (*Provider, *Architecture) {
	if p := v.Provider(provider); p != nil {
		if a := p.Architecture(architecture); a != nil && a.File != nil {
			return p, a
		}
	}
	return nil, nil
}

// TakeFile takes the file out of an architecture and returns it. NotFound when there is none.
func (v *Version) TakeFile(provider, architecture string) (File, error) {
	_, a := v.FileAt(provider, architecture)
	if a == nil {
		return File{}, Missing("file")
	}
	file := *a.File
	a.File = nil
	return file, nil
}

// ListedArchitecture is an architecture as it is shown to Vagrant.
type ListedArchitecture struct {
	Architecture
	// IsDefault is set for exactly one of a provider's: the default architecture or, as long as
	// that has no file, the last of those that have one.
	IsDefault bool
}

// Listed are the architectures that have a file, the default one last.
func (p *Provider) Listed() (list []ListedArchitecture) {
	for _, a := range p.Architectures {
		if a.File != nil && !a.Default {
			list = append(list, ListedArchitecture{Architecture: a})
		}
	}
	for _, a := range p.Architectures {
		if a.File != nil && a.Default {
			list = append(list, ListedArchitecture{Architecture: a})
		}
	}
	if len(list) > 0 {
		list[len(list)-1].IsDefault = true
	}
	return list
}
