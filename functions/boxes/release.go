package boxes

import (
	"context"
	"time"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/publish"
	"github.com/boxvault/boxvault/shared/registry"
)

// ReleaseVersion lets everyone who may see the box have a version that has a file. It is no error when
// it is released already.
func (s *Service) ReleaseVersion(ctx context.Context, caller registry.Caller, req VersionRequest) (api.Version, error) {
	return s.turn(ctx, caller, req, registry.BoxReleased, (*registry.Version).Release)
}

// RevokeVersion takes a released version back: from then on it exists for members only. It is no error
// when it is revoked already.
func (s *Service) RevokeVersion(ctx context.Context, caller registry.Caller, req VersionRequest) (api.Version, error) {
	return s.turn(ctx, caller, req, registry.BoxRevoked, (*registry.Version).Revoke)
}

// turn changes a version by a rule, and writes nothing when the rule changed nothing.
func (s *Service) turn(ctx context.Context, caller registry.Caller, req VersionRequest, what registry.EventType,
	rule func(*registry.Version, time.Time) (bool, error)) (told api.Version, err error) {
	err = s.change(ctx, caller, req.VersionPath, func(e *publish.Edit) error {
		changed, err := rule(e.Version, s.Now())
		e.What, e.Same = []registry.EventType{what}, !changed
		return err
	}, func(v registry.Version) { told = api.FromVersion(v) })
	return told, err
}
