package serviceaccounts

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// ListServiceAccounts lists the caller's service accounts.
func (s *Service) ListServiceAccounts(ctx context.Context, caller registry.Caller, _ route.Nothing) ([]api.ServiceAccount, error) {
	list, err := s.Catalog.ServiceAccountsOf(ctx, caller.Account)
	return api.Each(list, api.FromServiceAccount), err
}

// OrganizationRequest is about an organization.
type OrganizationRequest struct {
	Organization string `path:"organization" json:"-"`
}

// ListOrganizationServiceAccounts lists the service accounts of an organization.
func (s *Service) ListOrganizationServiceAccounts(ctx context.Context, caller registry.Caller, req OrganizationRequest) ([]api.ServiceAccount, error) {
	o, _, err := s.Gate.Organization(ctx, caller, req.Organization, registry.RoleAdmin)
	if err != nil {
		return nil, err
	}
	list, err := s.Catalog.ServiceAccountsIn(ctx, o)
	return api.Each(list, api.FromServiceAccount), err
}

// DeleteRequest names a service account.
type DeleteRequest struct {
	ID int64 `path:"id" json:"-"`
}

// DeleteServiceAccount deletes a service account. To who may not, it does not exist.
func (s *Service) DeleteServiceAccount(ctx context.Context, caller registry.Caller, req DeleteRequest) (api.Done, error) {
	account, err := s.Catalog.ServiceAccount(ctx, registry.ID(req.ID))
	if err != nil {
		return api.Done{}, err
	}
	if account.Owner != caller.Account {
		if _, err := s.Gate.Home(ctx, caller, account.Home, registry.RoleAdmin); err != nil {
			return api.Done{}, registry.Missing("service account")
		}
	}
	return api.OK("Service account deleted."), s.Catalog.DeleteServiceAccount(ctx, account)
}
