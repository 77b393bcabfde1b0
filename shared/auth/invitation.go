package auth

import (
	"context"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// Inviting is Organization with what is known of an address that is to be invited.
func (g Gate) Inviting(ctx context.Context, caller registry.Caller, name, address string, need registry.Role) (catalog.Inviting, error) {
	at, err := g.Catalog.Inviting(ctx, caller.Account, name, address)
	_, _, err = admit(caller, at.Organization, at.Role, name, need, err)
	return at, err
}

// Invited reads what a token invites to, for an account or, when it is 0, for a stranger.
func (g Gate) Invited(ctx context.Context, token string, account registry.ID) (catalog.Invited, error) {
	i, err := g.Catalog.Invited(ctx, HashTicket(token), account)
	if err == nil && i.Organization.Suspended || registry.KindOf(err) == registry.NotFound {
		err = registry.Missing("invitation")
	}
	return i, err
}

// Invitation reads an invitation by its id for a caller who has at least the role in the
// organization. To others there is no such invitation.
func (g Gate) Invitation(ctx context.Context, caller registry.Caller, id registry.ID, need registry.Role) (catalog.Invited, error) {
	i, err := g.Catalog.Invitation(ctx, id, caller.Account)
	_, _, err = admit(caller, i.Organization, i.Member.Role, i.Organization.Name, need, err)
	if registry.KindOf(err) == registry.NotFound {
		err = registry.Missing("invitation")
	}
	return i, err
}
