package accounts

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// ReadPreferences tells the caller's preferences.
func (s *Service) ReadPreferences(ctx context.Context, caller registry.Caller, _ route.Nothing) (api.Preferences, error) {
	a, err := s.Catalog.Account(ctx, caller.Account)
	return api.FromPreferences(a.Preferences), err
}

// ChangePreferencesRequest changes preferences.
type ChangePreferencesRequest struct {
	api.PreferencesInput
}

// ChangePreferences changes those preferences that were sent.
func (s *Service) ChangePreferences(ctx context.Context, caller registry.Caller, req ChangePreferencesRequest) (api.Preferences, error) {
	a, err := s.Catalog.Account(ctx, caller.Account)
	if err != nil {
		return api.Preferences{}, err
	}
	p := &a.Preferences
	req.Language.Set(&p.Language)
	req.Theme.Set(&p.Theme)
	req.Timezone.Set(&p.Timezone)
	if err := p.Check().Err(); err != nil {
		return api.Preferences{}, err
	}
	return api.FromPreferences(*p), s.Catalog.SaveAccount(ctx, a, registry.UserUpdated)
}
