package vagrantcloud

import (
	"cmp"
	"context"

	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
	"github.com/boxvault/boxvault/shared/search"
	wire "github.com/boxvault/boxvault/shared/vagrantcloud"
)

// SearchRequest asks for boxes. Clients send what they were given, and q always.
type SearchRequest struct {
	Text         string         `query:"q" json:"-"`
	Provider     string         `query:"provider" json:"-"`
	Architecture string         `query:"architecture" json:"-"`
	Sort         string         `query:"sort" json:"-"`  // downloads, created or updated
	Order        string         `query:"order" json:"-"` // desc or asc
	Limit        int            `query:"limit" json:"-"` // 1 to 100; 0 is 10
	Page         int            `query:"page" json:"-"`  // from 1; 0 is 1
	In           route.Incoming `json:"-"`
}

const (
	maxLimit = 100
	// maxReach is how far into what was found a page may lie: pages are counted from the beginning.
	maxReach = 1000
	// maxRounds is how often the index is asked for one page: those of its pages that have few
	// released boxes must not add up.
	maxRounds = 40
)

// Search finds boxes that have a released version: the gem fails on one that has none.
func (s *Service) Search(ctx context.Context, caller registry.Caller, req SearchRequest) (wire.Found, error) {
	found := wire.Found{Boxes: []wire.Box{}}
	limit, page := cmp.Or(req.Limit, 10), cmp.Or(req.Page, 1)
	if err := checkPage(limit, page); err != nil {
		return found, err
	}
	q := search.Query{
		Text: req.Text, Provider: req.Provider, Architecture: req.Architecture,
		Sort: search.Sort(cmp.Or(req.Sort, string(search.ByDownloads))), Order: req.Order, Limit: search.MaxLimit,
	}
	t, skip := s.teller(req.In), (page-1)*limit
	for range maxRounds {
		list, next, err := s.Gate.Find(ctx, caller, q)
		if err != nil {
			return found, err
		}
		for _, f := range list {
			if f.Entry.Version == "" {
				continue
			}
			if skip--; skip < 0 {
				found.Boxes = append(found.Boxes, t.entry(f.Box, f.Entry))
			}
			if len(found.Boxes) == limit {
				return found, nil
			}
		}
		if q.After = next; next == "" {
			break
		}
	}
	return found, nil
}

func checkPage(limit, page int) error {
	var wrong registry.Fields
	if limit < 1 || limit > maxLimit {
		wrong.Add("limit", "must be between 1 and 100")
	}
	if page < 1 || page > maxReach/max(limit, 1) {
		wrong.Add("page", "must lie within the first 1000 boxes")
	}
	return wrong.Err()
}

// entry tells about a box by what the index knows of it: its newest version, and the providers of all that
// are released.
func (t teller) entry(b registry.Box, e search.Entry) wire.Box {
	told := t.box(b)
	if e == (search.Entry{}) { // the index has not got there yet
		return told
	}
	told.UpdatedAt, told.Downloads = e.UpdatedAt(), e.Downloads
	if e.Version == "" {
		return told
	}
	v := t.version(b, registry.Version{Number: e.Version, Status: registry.Active, CreatedAt: told.UpdatedAt, UpdatedAt: told.UpdatedAt})
	for _, name := range e.Providers() {
		v.Providers = append(v.Providers, wire.Provider{
			Name: name, Hosted: true, Architecture: registry.UnknownArchitecture, CreatedAt: told.UpdatedAt, UpdatedAt: told.UpdatedAt,
		})
	}
	told.CurrentVersion = &v
	return told
}
