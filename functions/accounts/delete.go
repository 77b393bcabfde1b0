package accounts

import (
	"context"
	"strings"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// DeleteAccountRequest deletes an account.
type DeleteAccountRequest struct {
	OfAccount
	api.DeleteAccount
}

// DeleteAccount deletes an account. Its boxes stay with their organizations, each of which must have
// another owner. Platform admins do not delete themselves: nobody would be left to.
func (s *Service) DeleteAccount(ctx context.Context, caller registry.Caller, req DeleteAccountRequest) (api.Done, error) {
	if err := mayManage(caller, req.ID); err != nil {
		return api.Done{}, err
	}
	if caller.Admin && registry.ID(req.ID) == caller.Account {
		return api.Done{}, registry.Errorf(registry.Conflict, "a platform admin cannot delete the own account")
	}
	l, err := s.Catalog.Leaver(ctx, registry.ID(req.ID))
	if err != nil {
		return api.Done{}, err
	}
	if err := s.prove(ctx, caller, l.Account, l.Tries, "password", req.Password); err != nil {
		return api.Done{}, err
	}
	if err := ownsAlone(l); err != nil {
		return api.Done{}, err
	}
	return api.OK("The account " + l.Account.Username + " is deleted."), s.Catalog.DeleteAccount(ctx, l)
}

func ownsAlone(l catalog.Leaver) error {
	if len(l.SoleOwner) == 0 {
		return nil
	}
	names := make([]string, len(l.SoleOwner))
	for i, o := range l.SoleOwner {
		names[i] = o.Name
	}
	return registry.Errorf(registry.Conflict, "%s is the only owner of %s: make someone else owner, or delete them, first",
		l.Account.Username, strings.Join(names, ", ")).With("organizations", names)
}
