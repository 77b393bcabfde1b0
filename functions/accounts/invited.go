package accounts

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// invitation reads the invitation that somebody signs up with. It must be for the same address.
func (s *Service) invitation(ctx context.Context, in api.SignUp) (*catalog.Invited, error) {
	i, err := s.Gate.Invited(ctx, in.InvitationToken, 0)
	switch {
	case registry.KindOf(err) == registry.NotFound:
		return nil, wrongInvitation()
	case err != nil:
		return nil, err
	case !registry.SameName(i.Invitation.Email, in.Email):
		return nil, registry.Wrong("invitationToken", "is for another e-mail address")
	}
	return &i, nil
}

func wrongInvitation() error {
	return registry.Wrong("invitationToken", "is not valid: it was used or withdrawn, has expired, or never was")
}

// joinTries is how often a sign-up is tried anew when others join the same organization.
const joinTries = 5

// create writes the account and, with an invitation, its membership in the same write.
func (s *Service) create(ctx context.Context, a registry.Account, in api.SignUp, i *catalog.Invited) (registry.Account, []registry.Membership, error) {
	var letters []catalog.Mailed
	if i == nil || !i.Proven() {
		var err error
		if letters, err = s.welcome(ctx, a); err != nil {
			return a, nil, err
		}
	}
	if i == nil {
		a, err := s.Catalog.CreateAccount(ctx, a, letters...)
		return a, nil, err
	}
	made, err := s.Catalog.CreateInvited(ctx, a, *i, letters...)
	if registry.Retryable(err) {
		err = registry.Again(joinTries, func() (err error) {
			if i, err = s.invitation(ctx, in); err == nil {
				made, err = s.Catalog.CreateInvited(ctx, a, *i, letters...)
			}
			return err
		})
	}
	if registry.KindOf(err) == registry.NotFound {
		err = wrongInvitation()
	}
	if err != nil {
		return made, nil, err
	}
	o := i.Organization
	return made, []registry.Membership{{
		Account: made.ID, Username: made.Username, OrganizationID: o.ID, Home: o.Home, Organization: o.Name,
		Role: i.Invitation.Role, JoinedAt: made.CreatedAt,
	}}, nil
}
