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
	name, err := s.organization(ctx, caller, req.ServiceAccountInput)
	if err != nil {
		return api.ServiceAccount{}, err
	}
	o, _, err := s.Gate.Organization(ctx, caller, name, registry.RoleMember)
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
		Organization: o.Name, OrganizationID: o.ID, Owner: caller.Account,
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
func (s *Service) organization(ctx context.Context, caller registry.Caller, in api.ServiceAccountInput) (string, error) {
	if in.Organization != "" {
		return in.Organization, nil
	}
	if in.OrganizationID != nil {
		return s.organizationByID(ctx, caller, registry.ID(*in.OrganizationID))
	}
	account, err := s.Catalog.Account(ctx, caller.Account)
	if err == nil && account.Primary == "" {
		err = registry.Wrong("organizationId", "is needed: you have no organization yet; create one first")
	}
	return account.Primary, err
}

func (s *Service) organizationByID(ctx context.Context, caller registry.Caller, id registry.ID) (string, error) {
	memberships, err := s.Catalog.MembershipsOf(ctx, caller.Account)
	if err != nil {
		return "", err
	}
	for _, m := range memberships {
		o, err := s.Catalog.Organization(ctx, m.Organization)
		if err == nil && o.ID == id {
			return o.Name, nil
		}
	}
	return "", registry.Missing("organization")
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
