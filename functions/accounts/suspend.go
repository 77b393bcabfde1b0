package accounts

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// SuspendAccount keeps an account out, with its service accounts: every request holds its token
// against the account. Its sessions are not good again when it is resumed.
func (s *Service) SuspendAccount(ctx context.Context, caller registry.Caller, req OfAccount) (api.Done, error) {
	if registry.ID(req.ID) == caller.Account && caller.Admin {
		return api.Done{}, registry.Errorf(registry.Conflict, "you cannot suspend yourself")
	}
	return s.setSuspended(ctx, caller, req.ID, true)
}

// ResumeAccount lets a suspended account in again.
func (s *Service) ResumeAccount(ctx context.Context, caller registry.Caller, req OfAccount) (api.Done, error) {
	return s.setSuspended(ctx, caller, req.ID, false)
}

func (s *Service) setSuspended(ctx context.Context, caller registry.Caller, id int64, suspended bool) (api.Done, error) {
	if err := mayAdminister(caller); err != nil {
		return api.Done{}, err
	}
	a, err := s.Catalog.Account(ctx, registry.ID(id))
	if err != nil {
		return api.Done{}, err
	}
	done, what := api.OK(a.Username+" can sign in."), registry.UserResumed
	if suspended {
		done, what = api.OK(a.Username+" is suspended."), registry.UserSuspended
	}
	if a.Suspended == suspended {
		return done, nil
	}
	a.Suspended = suspended
	a.Epoch++
	return done, s.Catalog.SaveAccount(ctx, a, what)
}
