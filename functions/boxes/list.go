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
	o, role, err := s.Gate.View(ctx, caller, req.Organization)
	if err != nil {
		return page, err
	}
	page.After = req.After
	if err := s.fill(ctx, &page, o, req.Limit, role != registry.RoleNone); err != nil {
		return page, err
	}
	if role == registry.RoleNone && req.After == "" && len(page.Items) == 0 {
		return page, registry.Missing("organization")
	}
	return page, nil
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
	for {
		list, next, err := s.Catalog.Boxes(ctx, o, page.After, limit-len(page.Items))
		if err != nil {
			return err
		}
		for _, b := range list {
			if member || b.Open() {
				page.Items = append(page.Items, api.FromBox(b))
			}
		}
		page.After = next
		if next == "" || len(page.Items) == limit {
			return nil
		}
	}
}
