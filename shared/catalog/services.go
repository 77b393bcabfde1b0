package catalog

import (
	"context"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// CreateServiceAccount writes a new service account of an organization. Conflict when its name is
// taken, or the organization has changed since it was read or is being deleted.
func (c *Catalog) CreateServiceAccount(ctx context.Context, o registry.Organization, s registry.ServiceAccount) error {
	if o.Deleting {
		return registry.Errorf(registry.Conflict, "%s is being deleted", o.Name)
	}
	ops := []itemstore.Op{
		itemstore.Check(organizationKey(o.Name), itemstore.Rev(o.Rev)),
		create(loginKey(s.Username), login{Service: s.ID}),
	}
	for _, key := range serviceKeys(s) {
		ops = append(ops, create(key, s))
	}
	return c.write(ctx, func(op int) error {
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
		accountServiceKey(s.Owner, s.ID), organizationServiceKey(s.Organization, s.ID),
	}
}

// ServiceAccount reads a service account.
func (c *Catalog) ServiceAccount(ctx context.Context, id registry.ID) (registry.ServiceAccount, error) {
	return get[registry.ServiceAccount](ctx, c, serviceKey(id), "service account")
}

// ServiceAccountByToken reads a service account by the SHA-256 (hex) of its secret.
func (c *Catalog) ServiceAccountByToken(ctx context.Context, hash string) (registry.ServiceAccount, error) {
	return get[registry.ServiceAccount](ctx, c, tokenKey(hash), "service account")
}

// ServiceAccountsOf lists the service accounts that an account owns.
func (c *Catalog) ServiceAccountsOf(ctx context.Context, owner registry.ID) ([]registry.ServiceAccount, error) {
	return all[registry.ServiceAccount](ctx, c, itemstore.Query{
		Partition: accountKey(owner).Partition, Prefix: servicePrefix,
	})
}

// ServiceAccountsIn lists the service accounts of an organization.
func (c *Catalog) ServiceAccountsIn(ctx context.Context, organization string) ([]registry.ServiceAccount, error) {
	return all[registry.ServiceAccount](ctx, c, itemstore.Query{
		Partition: organizationKey(organization).Partition, Prefix: servicePrefix,
	})
}

// DeleteServiceAccount removes a service account; its tokens are void from then on.
func (c *Catalog) DeleteServiceAccount(ctx context.Context, s registry.ServiceAccount) error {
	ops := []itemstore.Op{itemstore.Delete(loginKey(s.Username), itemstore.Condition{})}
	for _, key := range serviceKeys(s) {
		ops = append(ops, itemstore.Delete(key, itemstore.Condition{}))
	}
	return c.write(ctx, changed("the service account"), ops...)
}
