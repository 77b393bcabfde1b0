package operation

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// Health reads a record, so that a store that is gone is noticed.
func (s *Service) Health(ctx context.Context, _ registry.Caller, _ route.Nothing) (api.Health, error) {
	if err := s.checkRecords(ctx); err != nil {
		return api.Health{}, err
	}
	return api.Health{Status: api.StatusOK, Timestamp: s.Now().UTC(), Version: s.Version}, nil
}

// LostRequest is a request that no route takes.
type LostRequest struct {
	In route.Incoming
}

// NotFound answers in the API's shape, whatever the path.
func (s *Service) NotFound(_ context.Context, _ registry.Caller, req LostRequest) (any, error) {
	return nil, route.NoRow(req.In.Method, req.In.Path)
}
