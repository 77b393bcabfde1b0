package boxes

import (
	"cmp"
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
	if err := req.check(); err != nil {
		return route.Paged[api.Box]{}, err
	}
	_, list, next, err := s.Gate.Boxes(ctx, caller, req.Organization, req.After, cmp.Or(req.Limit, maxPage))
	return route.Paged[api.Box]{Items: api.Each(list, api.FromBox), After: next}, err
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
