package boxes

import (
	"context"
	"net/http"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// WatchBox has letters sent to the caller when a version of the box is released or deprecated. It is
// no error when that is so already.
func (s *Service) WatchBox(ctx context.Context, caller registry.Caller, req BoxRequest) (api.Watching, error) {
	a, err := s.Gate.ReadBox(ctx, caller, req.Organization, req.Box, "")
	if err != nil {
		return api.Watching{}, err
	}
	err = s.Catalog.WatchBox(ctx, a.Box, caller.Account)
	if registry.KindOf(err) == registry.Conflict && !registry.Retryable(err) {
		return api.Watching{Watched: true, Status: http.StatusOK}, nil
	}
	return api.Watching{Watched: true}, err
}

// UnwatchBox ends that.
func (s *Service) UnwatchBox(ctx context.Context, caller registry.Caller, req BoxRequest) (api.Watching, error) {
	a, err := s.Gate.ReadBox(ctx, caller, req.Organization, req.Box, "")
	if err != nil {
		return api.Watching{}, err
	}
	return api.Watching{}, s.Catalog.UnwatchBox(ctx, a.Box.ID, caller.Account)
}

// maxWatches is the most watches on a page: what they are about is then read by one call.
const maxWatches = 30

// ListWatchesRequest asks for the boxes that the caller watches.
type ListWatchesRequest struct {
	// Limit is the most boxes to answer with, 1 to 30; 0 is 30.
	Limit int    `query:"limit" json:"-"`
	After string `query:"after" json:"-"`
}

// ListWatches lists the boxes that the caller watches and may see. A page can be short of those that
// the caller may see no longer.
func (s *Service) ListWatches(ctx context.Context, caller registry.Caller, req ListWatchesRequest) (route.Paged[api.Watch], error) {
	page := route.Paged[api.Watch]{Items: []api.Watch{}}
	if err := req.check(); err != nil {
		return page, err
	}
	if req.Limit == 0 {
		req.Limit = maxWatches
	}
	list, next, err := s.Catalog.WatchesOf(ctx, caller.Account, req.After, req.Limit)
	for _, w := range list {
		if s.Gate.MaySee(caller, w.Organization, w.Role, w.Box) {
			w.Box.Readme = "" // as in the list of an organization
			page.Items = append(page.Items, api.Watch{Box: api.FromBox(w.Box), WatchedAt: w.CreatedAt})
		}
	}
	page.After = next
	return page, err
}

func (r ListWatchesRequest) check() error {
	var wrong registry.Fields
	if r.Limit < 0 || r.Limit > maxWatches {
		wrong.Add("limit", "must be between 1 and 30")
	}
	if r.After != "" {
		wrong.Check("after", registry.CheckName(r.After))
	}
	return wrong.Err()
}
