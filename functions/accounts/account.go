package accounts

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// Page sizes of the list of accounts.
const maxPage = 1000

// ListAccountsRequest asks for a page of accounts.
type ListAccountsRequest struct {
	// Limit is the most accounts to answer with, 1 to 1000; 0 is 1000.
	Limit int    `query:"limit" json:"-"`
	After string `query:"after" json:"-"`
}

// ListAccounts lists accounts by user name.
func (s *Service) ListAccounts(ctx context.Context, caller registry.Caller, req ListAccountsRequest) (route.Paged[api.Account], error) {
	page := route.Paged[api.Account]{Items: []api.Account{}}
	if err := mayAdminister(caller); err != nil {
		return page, err
	}
	var wrong registry.Fields
	if req.Limit < 0 || req.Limit > maxPage {
		wrong.Add("limit", "must be between 1 and 1000")
	}
	if req.After != "" {
		wrong.Check("after", registry.CheckName(req.After))
	}
	if err := wrong.Err(); err != nil {
		return page, err
	}
	if req.Limit == 0 {
		req.Limit = maxPage
	}
	list, next, err := s.Catalog.Accounts(ctx, req.After, req.Limit)
	page.Items, page.After = api.Each(list, api.FromListed), next
	return page, err
}

// ReadAccount tells about an account.
func (s *Service) ReadAccount(ctx context.Context, caller registry.Caller, req OfAccount) (api.Account, error) {
	if err := mayManage(caller, req.ID); err != nil {
		return api.Account{}, err
	}
	a, err := s.Catalog.Account(ctx, registry.ID(req.ID))
	return api.FromListed(a), err
}

// ListRoles lists the caller's roles on the platform; those in organizations ReadUser tells.
func (s *Service) ListRoles(_ context.Context, caller registry.Caller, _ route.Nothing) ([]string, error) {
	return api.PlatformRoles(caller.Admin), nil
}

// ChangeNameRequest sets another display name.
type ChangeNameRequest struct {
	OfAccount
	api.ChangeName
}

// ChangeName sets another display name.
func (s *Service) ChangeName(ctx context.Context, caller registry.Caller, req ChangeNameRequest) (api.NameChanged, error) {
	if err := mayManage(caller, req.ID); err != nil {
		return api.NameChanged{}, err
	}
	name := ""
	api.Set(&name, req.Name)
	if err := registry.CheckText(name, maxDisplayName); err != nil {
		return api.NameChanged{}, registry.Wrong("name", err.Error())
	}
	a, err := s.Catalog.Account(ctx, registry.ID(req.ID))
	if err != nil {
		return api.NameChanged{}, err
	}
	a.Name = name
	return api.NameChanged{Success: true, Message: "The name is changed.", Name: req.Name},
		s.Catalog.SaveAccount(ctx, a, registry.UserUpdated)
}
