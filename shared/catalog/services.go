package catalog

import (
	"cmp"
	"context"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// CreateServiceAccount writes a new service account of an organization. Conflict when its name is
// taken, or the organization has changed since it was read.
func (c *Catalog) CreateServiceAccount(ctx context.Context, o registry.Organization, s registry.ServiceAccount) error {
	ops := []itemstore.Op{
		itemstore.Check(organizationKey(o.Home), itemstore.Rev(o.Rev)),
		create(loginKey(s.Username), login{Service: s.ID}),
	}
	for _, key := range serviceKeys(s) {
		ops = append(ops, create(key, s))
	}
	e := serviceEvent(registry.ServiceAccountCreated, o.Name, s)
	return c.write(ctx, events{e}, func(op int) error {
		if op == 0 {
			return changed("the organization")(op)
		}
		return registry.Errorf(registry.Conflict, "the client id is taken; try again")
	}, ops...)
}

// serviceKeys are the places a service account is kept at.
func serviceKeys(s registry.ServiceAccount) []itemstore.Key {
	return []itemstore.Key{
		serviceKey(s.ID), tokenKey(s.TokenHash),
		accountServiceKey(s.Owner, s.ID), organizationServiceKey(s.Home, s.ID),
	}
}

// ServiceAccount reads a service account.
func (c *Catalog) ServiceAccount(ctx context.Context, id registry.ID) (registry.ServiceAccount, error) {
	return get[registry.ServiceAccount](ctx, c, serviceKey(id), "service account")
}

// NamedServiceAccount is ServiceAccount with the name that its organization has now.
func (c *Catalog) NamedServiceAccount(ctx context.Context, id registry.ID) (registry.ServiceAccount, error) {
	s, err := c.ServiceAccount(ctx, id)
	if err != nil {
		return s, err
	}
	return c.Named(ctx, s)
}

// Named is a service account with the name that its organization has now. NotFound when there is no
// such organization any more.
func (c *Catalog) Named(ctx context.Context, s registry.ServiceAccount) (registry.ServiceAccount, error) {
	list, err := c.withNames(ctx, []registry.ServiceAccount{s})
	if err == nil && len(list) == 0 {
		err = registry.Missing("service account")
	}
	if err != nil {
		return s, err
	}
	return list[0], nil
}

// ServiceAccountByToken reads a service account by the SHA-256 (hex) of its secret.
func (c *Catalog) ServiceAccountByToken(ctx context.Context, hash string) (registry.ServiceAccount, error) {
	return get[registry.ServiceAccount](ctx, c, tokenKey(hash), "service account")
}

// ServiceAccountsOf lists the service accounts that an account owns, with the names that their
// organizations have now.
func (c *Catalog) ServiceAccountsOf(ctx context.Context, owner registry.ID) ([]registry.ServiceAccount, error) {
	list, err := all[registry.ServiceAccount](ctx, c, itemstore.Query{
		Partition: accountKey(owner).Partition, Prefix: servicePrefix,
	})
	if err != nil {
		return nil, err
	}
	return c.withNames(ctx, list)
}

func (c *Catalog) withNames(ctx context.Context, list []registry.ServiceAccount) ([]registry.ServiceAccount, error) {
	homes := make([]string, len(list))
	for i, s := range list {
		homes[i] = s.Home
	}
	organizations, err := c.organizationsAt(ctx, homes)
	if err != nil {
		return nil, err
	}
	named := list[:0]
	for i, s := range list {
		if organizations[i].ID == s.OrganizationID {
			s.Organization = organizations[i].Name
			named = append(named, s)
		}
	}
	return named, nil
}

// ServiceAccountsIn lists the service accounts of an organization.
func (c *Catalog) ServiceAccountsIn(ctx context.Context, o registry.Organization) ([]registry.ServiceAccount, error) {
	list, err := all[registry.ServiceAccount](ctx, c, itemstore.Query{
		Partition: organizationKey(o.Home).Partition, Prefix: servicePrefix,
	})
	for i := range list {
		list[i].Organization = o.Name
	}
	return list, err
}

// DeleteServiceAccount removes a service account; its tokens are void from then on.
func (c *Catalog) DeleteServiceAccount(ctx context.Context, s registry.ServiceAccount) error {
	e := serviceEvent(registry.ServiceAccountDeleted, cmp.Or(s.Organization, s.Home), s)
	return c.write(ctx, events{e}, changed("the service account"), withoutService(s)...)
}

func withoutService(s registry.ServiceAccount) []itemstore.Op {
	ops := []itemstore.Op{itemstore.Delete(loginKey(s.Username), itemstore.Condition{})}
	for _, key := range serviceKeys(s) {
		ops = append(ops, itemstore.Delete(key, itemstore.Condition{}))
	}
	return ops
}

func serviceEvent(what registry.EventType, organization string, s registry.ServiceAccount) registry.Event {
	return registry.Event{
		Type: what, OrganizationID: s.OrganizationID, Organization: organization, Home: s.Home,
		Data: map[string]any{
			"organization": organization, "organizationId": s.OrganizationID,
			"serviceAccountId": s.ID, "username": s.Username, "userId": s.Owner,
		},
	}
}
