package boxes

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// edit is a version that is being changed.
type edit struct {
	version *registry.Version
	number  registry.Number // the one it is to have
	gone    []registry.File // that went out of it
	// what happened to it; nothing in particular: it was updated.
	what []registry.EventType
	same bool // there is nothing to write
}

// changeTries is how often a change is made anew when others change the same version.
const changeTries = 10

// change reads a version that the caller may write, has it changed, and writes it back; when
// another change came between, all of that again. then gets what was written.
func (s *Service) change(ctx context.Context, caller registry.Caller, p api.VersionPath, do func(*edit) error, then func(registry.Version)) error {
	n, err := p.ParseNumber()
	if err != nil {
		return err
	}
	return registry.Again(changeTries, func() error {
		a, err := s.Gate.WriteVersion(ctx, caller, p.Organization, p.Box, n)
		if err != nil {
			return err
		}
		if err := route.IfMatch(ctx, a.Version.Revision); err != nil {
			return err
		}
		e := edit{version: a.Version, number: a.Version.Number}
		if err := do(&e); err != nil {
			return err
		}
		v, err := s.save(ctx, a, e)
		if err == nil {
			then(v)
		}
		return err
	})
}

func (s *Service) save(ctx context.Context, a catalog.BoxAccess, e edit) (registry.Version, error) {
	if e.same {
		return *e.version, nil
	}
	if len(e.what) == 0 {
		e.what = []registry.EventType{registry.VersionUpdated}
	}
	return s.Catalog.ChangeVersion(ctx, a.Box, *e.version, e.number, e.what, e.gone)
}
