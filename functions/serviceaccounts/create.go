package serviceaccounts

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"time"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/registry"
)

// CreateRequest is a wish for a service account.
type CreateRequest struct {
	api.ServiceAccountInput
}

// CreateServiceAccount makes a service account. It acts for the caller, in one organization only.
func (s *Service) CreateServiceAccount(ctx context.Context, caller registry.Caller, req CreateRequest) (api.ServiceAccount, error) {
	if err := check(req.ServiceAccountInput); err != nil {
		return api.ServiceAccount{}, err
	}
	o, err := s.organization(ctx, caller, req.ServiceAccountInput)
	if err != nil {
		return api.ServiceAccount{}, err
	}
	secret := randomHex(32)
	account := s.record(caller, o, req.ServiceAccountInput, secret)
	if err := s.Catalog.CreateServiceAccount(ctx, o, account); err != nil {
		return api.ServiceAccount{}, err
	}
	made := api.FromServiceAccount(account)
	made.Token = secret
	return made, nil
}

func (s *Service) record(caller registry.Caller, o registry.Organization, in api.ServiceAccountInput, secret string) registry.ServiceAccount {
	now := s.Now()
	account := registry.ServiceAccount{
		ID: registry.NewID(), Username: clientID(caller.Username), TokenHash: auth.HashSecret(secret),
		Organization: o.Name, OrganizationID: o.ID, Home: o.Home, Owner: caller.Account,
		Description: in.Description, CreatedAt: now, UpdatedAt: now,
	}
	if in.ExpirationDays != nil {
		account.ExpiresAt = now.Add(time.Duration(*in.ExpirationDays) * 24 * time.Hour)
	}
	return account
}

func check(in api.ServiceAccountInput) error {
	var wrong registry.Fields
	wrong.Check("description", registry.CheckText(in.Description, 1024))
	if days := in.ExpirationDays; days != nil && (*days < 1 || *days > 3650) {
		wrong.Add("expirationDays", "must be between 1 and 3650")
	}
	return wrong.Err()
}

// organization finds the organization that was meant: by name, by id, or the primary one.
func (s *Service) organization(ctx context.Context, caller registry.Caller, in api.ServiceAccountInput) (registry.Organization, error) {
	if in.Organization != "" {
		o, _, err := s.Gate.Organization(ctx, caller, in.Organization, registry.RoleMember)
		return o, err
	}
	if in.OrganizationID == nil && caller.Primary != "" {
		o, err := s.Gate.Home(ctx, caller, caller.Primary, registry.RoleMember)
		if registry.KindOf(err) != registry.NotFound { // the caller may have left it
			return o, err
		}
	}
	memberships, err := s.Catalog.MembershipsOf(ctx, caller.Account)
	if err != nil {
		return registry.Organization{}, err
	}
	m, err := meant(memberships, in.OrganizationID)
	if err != nil {
		return registry.Organization{}, err
	}
	return s.Gate.Home(ctx, caller, m.Home, registry.RoleMember)
}

func meant(memberships []registry.Membership, id *int64) (registry.Membership, error) {
	if id == nil {
		if m := registry.PrimaryOf(registry.Account{}, memberships); m != nil {
			return *m, nil
		}
		return registry.Membership{}, registry.Wrong("organizationId", "is needed: you have no organization yet; create one first")
	}
	for _, m := range memberships {
		if m.OrganizationID == registry.ID(*id) {
			return m, nil
		}
	}
	return registry.Membership{}, registry.Missing("organization")
}

// clientID is the owner's name with eight hex digits, within the bounds of a name.
func clientID(owner string) string {
	const suffix = 1 + 8
	return owner[:min(len(owner), registry.MaxName-suffix)] + "-" + randomHex(4)
}

func randomHex(bytes int) string {
	raw := make([]byte, bytes)
	rand.Read(raw)
	return hex.EncodeToString(raw)
}
