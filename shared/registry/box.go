package registry

import (
	"errors"
	"slices"
	"time"
)

// Box is a named line of versions in an organization.
type Box struct {
	ID               ID     `json:"id"`
	Organization     string `json:"organization"`
	OrganizationID   ID     `json:"organizationId"`
	Name             string `json:"name"`
	Description      string `json:"description,omitempty"`
	ShortDescription string `json:"shortDescription,omitempty"`
	Readme           string `json:"readme,omitempty"`
	// Public boxes are seen and downloaded by anyone; others by members only.
	Public    bool      `json:"public"`
	Creator   ID        `json:"creator"`
	CreatedAt time.Time `json:"createdAt"`
	UpdatedAt time.Time `json:"updatedAt"`
	// Home is where the versions are kept, `org/box` folded: the first name the box had. A
	// renamed box keeps it, so that a rename moves one record and not all versions.
	Home string `json:"home"`

	Revision
}

// Tag is `org/box`, as Vagrant names a box.
func (b Box) Tag() string { return b.Organization + "/" + b.Name }

// Version is one version of a box with all that belongs to it. It is one record, so that
// everything about a version changes at once or not at all.
type Version struct {
	ID           ID     `json:"id"`
	Box          ID     `json:"box"`
	Number       Number `json:"number"`
	Description  string `json:"description,omitempty"`
	ReleaseNotes string `json:"releaseNotes,omitempty"`
	Status       Status `json:"status"`
	// Hold keeps the version from being released by its first file.
	Hold      bool       `json:"hold,omitempty"`
	Providers []Provider `json:"providers,omitempty"`
	CreatedAt time.Time  `json:"createdAt"`
	UpdatedAt time.Time  `json:"updatedAt"`

	Revision
}

// Status is where a version is in its life: unreleased, then active, then perhaps revoked.
type Status string

// The states, in Vagrant Cloud's words.
const (
	Unreleased Status = "unreleased"
	Active     Status = "active"
	Revoked    Status = "revoked"
)

// Provider is the hypervisor that a build of a version is for.
type Provider struct {
	ID            ID             `json:"id"`
	Name          string         `json:"name"`
	Description   string         `json:"description,omitempty"`
	Architectures []Architecture `json:"architectures,omitempty"`
	CreatedAt     time.Time      `json:"createdAt"`
	UpdatedAt     time.Time      `json:"updatedAt"`
}

// Architecture is the machine that a build is for. Exactly one of a provider's is its default.
type Architecture struct {
	ID          ID     `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	Default     bool   `json:"default,omitempty"`
	File        *File  `json:"file,omitempty"`
	// Replaced counts how often a file took the place of another one here.
	Replaced  int       `json:"replaced,omitempty"`
	CreatedAt time.Time `json:"createdAt"`
	UpdatedAt time.Time `json:"updatedAt"`
}

// UnknownArchitecture is the architecture of a build that names none (Vagrant before 2.4).
const UnknownArchitecture = "unknown"

// File is a verified box file.
type File struct {
	ID   ID     `json:"id"`
	Blob string `json:"blob"` // its key in the blob store
	Name string `json:"name"`
	Size int64  `json:"size"` // bytes
	// SHA256 was computed by the registry over the stored bytes, lower-case hex.
	SHA256     string    `json:"sha256"`
	Contents   Contents  `json:"contents"`
	Note       string    `json:"note,omitempty"` // why it is unrecognized, for people
	UploadedBy string    `json:"uploadedBy"`
	UploadedAt time.Time `json:"uploadedAt"`
}

// Contents says what the bytes of a file are.
type Contents string

// What a file can be.
const (
	ContentsBox          Contents = "box"          // an archive with a metadata.json that names a provider
	ContentsUnrecognized Contents = "unrecognized" // kept, with a warning
)

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

// errFullVersion keeps a version's record below the store's limit for a document.
var errFullVersion = errors.New("has as many providers and architectures as a version can have (300)")

const maxArtifacts = 300

func (v *Version) artifacts() (n int) {
	for _, p := range v.Providers {
		n += 1 + len(p.Architectures)
	}
	return n
}

// AddProvider adds a provider. Conflict when the name is taken.
func (v *Version) AddProvider(name, description string, now time.Time) (*Provider, error) {
	if v.Provider(name) != nil {
		return nil, Errorf(Conflict, "provider %s already exists in version %s", name, v.Number)
	}
	if v.artifacts() >= maxArtifacts {
		return nil, Errorf(Invalid, "version %s %s", v.Number, errFullVersion)
	}
	v.Providers = append(v.Providers, Provider{
		ID: NewID(), Name: name, Description: description, CreatedAt: now, UpdatedAt: now,
	})
	v.UpdatedAt = now
	return &v.Providers[len(v.Providers)-1], nil
}

// RenameProvider gives a provider another name. Conflict when that is taken by another one.
func (v *Version) RenameProvider(p *Provider, name string) error {
	if other := v.Provider(name); other != nil && other.ID != p.ID {
		return Errorf(Conflict, "provider %s already exists in version %s", name, v.Number)
	}
	p.Name = name
	return nil
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

// AddArchitecture adds an architecture to a provider of the version; the first one is the
// default. Conflict when the name is taken.
func (v *Version) AddArchitecture(p *Provider, name, description string, now time.Time) (*Architecture, error) {
	if p.Architecture(name) != nil {
		return nil, Errorf(Conflict, "architecture %s already exists for provider %s", name, p.Name)
	}
	if v.artifacts() >= maxArtifacts {
		return nil, Errorf(Invalid, "version %s %s", v.Number, errFullVersion)
	}
	p.Architectures = append(p.Architectures, Architecture{
		ID: NewID(), Name: name, Description: description, Default: len(p.Architectures) == 0,
		CreatedAt: now, UpdatedAt: now,
	})
	p.UpdatedAt, v.UpdatedAt = now, now
	return &p.Architectures[len(p.Architectures)-1], nil
}

// RenameArchitecture gives an architecture another name. Conflict when that is taken.
func (p *Provider) RenameArchitecture(a *Architecture, name string) error {
	if other := p.Architecture(name); other != nil && other.ID != a.ID {
		return Errorf(Conflict, "architecture %s already exists for provider %s", name, p.Name)
	}
	a.Name = name
	return nil
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
	replaced, a.File = a.File, &file
	if replaced != nil {
		a.Replaced++
	}
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

// TakeFile takes the file out of an architecture and returns it. NotFound when there is none.
func (v *Version) TakeFile(provider, architecture string) (File, error) {
	if p := v.Provider(provider); p != nil {
		if a := p.Architecture(architecture); a != nil && a.File != nil {
			file := *a.File
			a.File = nil
			a.Replaced++ // a file that comes next is another one
			return file, nil
		}
	}
	return File{}, Missing("file")
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
