package registry

import (
	"net/url"
	"path"
	"time"
)

// The rules of files that are kept elsewhere: a publisher may name a URL instead of uploading a file.

// Elsewhere reports whether the file is not in the registry's store.
func (f File) Elsewhere() bool { return f.URL != "" }

// Checksum is what the registry computed of the file or, of one that is elsewhere, what its publisher
// says.
func (f File) Checksum() Checksum {
	if f.Elsewhere() {
		return f.Declared
	}
	return Checksum{SHA256, f.SHA256}
}

// NewExternalFile is a file that is at a URL, which CheckLink must have passed. Nobody has looked at it.
func NewExternalFile(link string, sum Checksum, by string, now time.Time) File {
	return File{
		ID: NewID(), URL: link, Declared: sum, Name: nameAt(link), Distinct: true,
		Contents: ContentsElsewhere, UploadedBy: by, UploadedAt: now,
	}
}

// nameAt is the file's name by its URL.
func nameAt(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	name := path.Base(u.Path)
	if name == "." || name == "/" || len(name) > 255 {
		return u.Hostname()
	}
	return name
}

// Replaceable reports whether a file of the version may make place for another one.
func (v *Version) Replaceable(p Policy) bool { return v.Status == Unreleased || p.MutableReleases }

// Immutable is the answer to who would replace the file of a version that was released, and may be revoked since.
func Immutable(n Number, provider, architecture string) *Error {
	return Errorf(Conflict, "version %s was released, and its file for %s/%s cannot be replaced any more: publish a new version", n, provider, architecture)
}

// Choose is the architecture that is meant by a name or, when a client before Vagrant 2.4 gives none, the
// one of an unknown machine, else the default one. nil when there is none.
func (p *Provider) Choose(name string) *Architecture {
	if name != "" {
		return p.Architecture(name)
	}
	if a := p.Architecture(UnknownArchitecture); a != nil {
		return a
	}
	for i := range p.Architectures {
		if p.Architectures[i].Default {
			return &p.Architectures[i]
		}
	}
	return nil
}

// Expect notes the checksum that the next file must have, unless it is that of the file that is there:
// clients send back what they were told.
func (a *Architecture) Expect(sum Checksum) {
	if sum.Sum == "" || a.File != nil && a.File.Checksum() == sum {
		return
	}
	a.Expected = &sum
}
