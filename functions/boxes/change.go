package boxes

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/publish"
	"github.com/boxvault/boxvault/shared/registry"
)

// change changes the version of a path. then gets what was written.
func (s *Service) change(ctx context.Context, caller registry.Caller, p api.VersionPath, do func(*publish.Edit) error, then func(registry.Version)) error {
	n, err := p.ParseNumber()
	if err != nil {
		return err
	}
	done, err := s.Publish.EditVersion(ctx, caller, p.Organization, p.Box, n, do)
	if err == nil {
		then(done.Version)
	}
	return err
}
