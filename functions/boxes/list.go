package boxes

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// Page sizes of a list. The answer of a function on AWS has at most 6 MB.
const maxPage = 1000

// ListBoxesRequest asks for boxes of an organization.
type ListBoxesRequest struct {
	Organization string `path:"organization" json:"-"`
	// Limit is the most boxes to answer with, 1 to 1000; 0 is 1000.
	Limit int    `query:"limit" json:"-"`
	After string `query:"after" json:"-"`
}

// ListBoxes lists boxes by name, without their versions. An organization in which the caller may
// see nothing does not exist.
func (s *Service) ListBoxes(ctx context.Context, caller registry.Caller, req ListBoxesRequest) (route.Paged[api.Box], error) {
	page := route.Paged[api.Box]{Items: []api.Box{}}
	if err := req.check(); err != nil {
		return page, err
	}
	o, role, renamed := s.Gate.View(ctx, caller, req.Organization)
	if renamed != nil && registry.KindOf(renamed) != registry.Renamed {
		return page, renamed
	}
	page.After = req.After
	if err := s.fill(ctx, &page, o, req.Limit, role != registry.RoleNone); err != nil {
		return page, err
	}
	if role == registry.RoleNone && len(page.Items) == 0 {
		if err := s.shows(ctx, o); err != nil {
			return page, err
		}
	}
	return page, renamed
}

// shows is NotFound for an organization that has nothing public on any page: to strangers there is none
// of that name, nor was there ever.
func (s *Service) shows(ctx context.Context, o registry.Organization) error {
	var first route.Paged[api.Box]
	err := s.fill(ctx, &first, o, maxPage, false)
	if err == nil && len(first.Items) == 0 {
		err = registry.Missing("organization")
	}
	return err
}

func (r ListBoxesRequest) check() error {
	var wrong registry.Fields
	if r.Limit < 0 || r.Limit > maxPage {
		wrong.Add("limit", "must be between 1 and 1000")
	}
	if r.After != "" {
		wrong.Check("after", registry.CheckName(r.After))
	}
	return wrong.Err()
}

// fill reads on until the page is full or the list is at its end.
func (s *Service) fill(ctx context.Context, page *route.Paged[api.Box], o registry.Organization, limit int, member bool) error {
	if limit == 0 {
		limit = maxPage
	}
	for read := limit; ; read = max(limit-len(page.Items), leastRead) {
		list, next, err := s.Catalog.Boxes(ctx, o, page.After, read)
		if err != nil {
			return err
		}
		for i, b := range list {
			if page.After = next; i+1 < len(list) {
				page.After = registry.Fold(b.Name)
			}
			if member || b.Open() {
				page.Items = append(page.Items, api.FromBox(b))
			}
			if len(page.Items) == limit {
				return nil
			}
		}
		if page.After = next; next == "" {
			return nil
		}
	}
}

// leastRead is how many boxes are read at once, at the least, once it has shown that the caller may not
// see all of them.
const leastRead = 100
