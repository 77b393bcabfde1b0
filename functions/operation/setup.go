package operation

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// ReadSetupStatus tells whether the first account, that of the platform admin, has been made.
func (s *Service) ReadSetupStatus(ctx context.Context, _ registry.Caller, _ route.Nothing) (api.SetupStatus, error) {
	setup, err := s.Catalog.Setup(ctx)
	return api.SetupStatus{SetupComplete: setup.Complete, Signup: string(s.Signup.In(setup.Config))}, err
}

// ReadStorage tells what room there is. Where files are on no device of ours, only they are told.
func (s *Service) ReadStorage(ctx context.Context, caller registry.Caller, _ route.Nothing) (api.Storage, error) {
	if err := platformAdmin(caller); err != nil {
		return api.Storage{}, err
	}
	totals, err := s.Catalog.Totals(ctx)
	if err != nil {
		return api.Storage{}, err
	}
	boxes := api.Volume{Used: totals.StoredBytes()}
	if s.Disk != nil {
		boxes, err = s.Disk()
	}
	boxes.Stored = totals.StoredBytes()
	return api.Storage{Boxes: &boxes}, err
}
