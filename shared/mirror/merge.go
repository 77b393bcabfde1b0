package mirror

import (
	"github.com/boxvault/boxvault/shared/registry"
)

// compare holds what is listed against the versions that are there: those that are new, and those that
// it changes. What was taken back here stays so.
func (l *listing) compare(have []registry.Version) (added, changed []registry.Version) {
	byKey := map[string]registry.Version{}
	for _, v := range have {
		byKey[v.Number.Key()] = v
	}
	for _, listed := range l.versions {
		v, there := byKey[listed.Number.Key()]
		switch {
		case !there:
			added = append(added, listed)
		case v.Status == registry.Active && l.merge(&v, listed):
			changed = append(changed, v)
		}
	}
	return added, changed
}

// merge brings a version up to what is listed of it, and reports whether that changed it. What is listed
// no more stays.
func (l *listing) merge(v *registry.Version, listed registry.Version) (changed bool) {
	for _, p := range listed.Providers {
		for _, a := range p.Architectures {
			changed = l.put(v, p.Name, a) || changed
		}
	}
	return changed
}

// put has the file of an architecture as it is listed, unless it is kept or people put another one there.
func (l *listing) put(v *registry.Version, provider string, listed registry.Architecture) (changed bool) {
	known := v.Provider(provider) != nil && v.Provider(provider).Architecture(listed.Name) != nil
	p, a, err := artifact(v, provider, listed.Name, l.now)
	if err != nil {
		l.skip("%s/%s: %v", provider, listed.Name, err)
		return false
	}
	if !known && listed.Default {
		p.SetDefault(a.ID)
	}
	switch {
	case a.File != nil && moved(*a.File, *listed.File):
		a.File.URL, a.File.Source = listed.File.URL, listed.File.URL
	case a.File == nil || replaced(*a.File, *listed.File):
		a.File = listed.File
	case outdated(*a.File, *listed.File):
		l.skip("%s/%s of version %s is another file upstream by now", p.Name, a.Name, v.Number)
		return false
	default:
		return false
	}
	a.UpdatedAt = l.now
	return true
}

// moved reports whether a file that was not fetched yet is listed at another URL. By its checksum it is the
// same one, and stays so here: URLs upstream may be signed anew each time.
func moved(have, listed registry.File) bool {
	return have.Wanted() && have.URL != listed.URL && have.Declared.Sum != "" && have.Declared == listed.Declared
}

// replaced reports whether a file that was not fetched yet makes place for what is listed.
func replaced(have, listed registry.File) bool {
	return have.Wanted() && (have.URL != listed.URL || have.Declared != listed.Declared)
}

// outdated reports whether a kept file is not what is listed any more, as far as the upstream says.
func outdated(have, listed registry.File) bool {
	if have.Source == "" || have.Elsewhere() {
		return false
	}
	if have.Declared.Sum == "" && listed.Declared.Sum == "" {
		return have.Source != listed.Source
	}
	return have.Declared != listed.Declared
}
