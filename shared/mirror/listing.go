package mirror

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// maxVersions is how many versions of a box are taken over; they are all read to answer for the box.
const maxVersions = 5000

// listing is what an upstream lists, as records of ours. What our rules refuse is skipped, and said.
type listing struct {
	box      registry.Box
	now      time.Time
	versions []registry.Version
	skipped  []string
}

// listingOf reads a document for a box.
func listingOf(d document, b registry.Box, now time.Time) listing {
	l, taken := listing{box: b, now: now}, map[string]bool{}
	for _, v := range d.Versions {
		n, err := registry.ParseNumber(v.Version)
		switch {
		case err != nil:
			l.skip("version %s: %v", v.Version, err)
			continue
		case v.Status != "" && v.Status != string(registry.Active):
			continue
		case taken[n.Key()] || len(l.versions) == maxVersions:
			l.skip("version %s: is there already, or one too many", v.Version)
			continue
		}
		taken[n.Key()] = true
		made := registry.NewVersion(b, n, now)
		made.Status, made.Description = registry.Active, text(v.Description, registry.MaxDescription)
		for _, e := range v.Providers {
			l.add(&made, e, d.at)
		}
		l.finish(made)
	}
	return l
}

func (l *listing) skip(format string, args ...any) {
	l.skipped = append(l.skipped, fmt.Sprintf(format, args...))
}

// add puts a file into a version. Of two for the same machine the last one counts, as for Vagrant.
func (l *listing) add(v *registry.Version, e documentEntry, at *url.URL) {
	e.Architecture = cmp.Or(e.Architecture, registry.UnknownArchitecture)
	f, err := l.file(e, at)
	if err != nil {
		l.skip("version %s, %s/%s: %v", v.Number, e.Name, e.Architecture, err)
		return
	}
	p, a, err := artifact(v, e.Name, e.Architecture, l.now)
	if err != nil {
		l.skip("version %s, %s/%s: %v", v.Number, e.Name, e.Architecture, err)
		return
	}
	a.File = &f
	if e.Default {
		p.SetDefault(a.ID)
	}
}

func (l *listing) file(e documentEntry, at *url.URL) (registry.File, error) {
	var wrong registry.Fields
	wrong.Check("provider", registry.CheckName(e.Name))
	wrong.Check("architecture", registry.CheckArchitectureName(e.Architecture))
	var sum registry.Checksum
	if e.Checksum != "" && e.ChecksumType != "" {
		sum = registry.ParseChecksum(e.Checksum, e.ChecksumType, &wrong)
	}
	link, err := at.Parse(e.URL)
	if err != nil || e.URL == "" {
		wrong.Add("url", "is none")
		return registry.File{}, wrong.Err()
	}
	wrong.Check("url", registry.CheckLink(link.String()))
	return registry.NewMirroredFile(link.String(), sum, l.now), wrong.Err()
}

// artifact is the provider and architecture of these names, which are made when they are missing.
func artifact(v *registry.Version, provider, architecture string, now time.Time) (p *registry.Provider, a *registry.Architecture, err error) {
	if p = v.Provider(provider); p == nil {
		if p, err = v.AddProvider(provider, "", now); err != nil {
			return nil, nil, err
		}
	}
	if a = p.Architecture(architecture); a == nil {
		a, err = v.AddArchitecture(p, architecture, "", now)
	}
	return p, a, err
}

// finish takes a version over that has a file, and that a store has room for.
func (l *listing) finish(v registry.Version) {
	if raw, err := json.Marshal(v); err != nil || len(raw) > itemstore.MaxDoc {
		l.skip("version %s: is too large", v.Number)
		return
	}
	if len(v.Files()) > 0 {
		l.versions = append(l.versions, v)
	}
}

// text is a text of an upstream as far as there is room for it.
func text(s string, max int) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "")
	if runes := []rune(s); len(runes) > max {
		return string(runes[:max])
	}
	return s
}
