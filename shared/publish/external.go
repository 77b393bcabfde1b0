package publish

import (
	"time"

	"github.com/boxvault/boxvault/shared/registry"
)

// KeepElsewhere has the file of an architecture be at a URL, which registry.CheckLink must have passed, with
// the checksum that its publisher says. That which is there already stays as it is. Conflict when it would
// take the place of the file of a released version.
func (e *Edit) KeepElsewhere(p *registry.Provider, a *registry.Architecture, link string, sum registry.Checksum, by string, now time.Time) error {
	if a.File != nil && a.File.URL == link && (sum.Sum == "" || sum == a.File.Declared) {
		return nil
	}
	if a.File != nil {
		if !e.Version.Replaceable(e.Policy) {
			return registry.Immutable(e.Version.Number, p.Name, a.Name)
		}
		e.Gone = append(e.Gone, *a.File)
	}
	file := registry.NewExternalFile(link, sum, by, now)
	a.File, a.Expected, a.UpdatedAt = &file, nil, now
	return nil
}

// Say notes what a publisher says of an architecture's file: of one that is elsewhere, which nobody has
// looked at, or of the one that is to come.
func (e *Edit) Say(a *registry.Architecture, sum registry.Checksum) {
	if a.File != nil && a.File.Elsewhere() && sum.Sum != "" {
		a.File.Declared = sum
		return
	}
	a.Expect(sum)
}
