package catalog

import (
	"context"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// A request is kept at the organization's home and with the account; a mark at the home keeps an
// account from asking twice at a time.

func requestKeys(r registry.JoinRequest) []itemstore.Key {
	return []itemstore.Key{askedKey(r.Home, r.Account), requestKey(r.Home, r.ID), accountRequestKey(r.Account, r.ID)}
}

// AskToJoin writes a request. Conflict when the account has one there already.
func (c *Catalog) AskToJoin(ctx context.Context, o registry.Organization, r registry.JoinRequest) error {
	ops := []itemstore.Op{itemstore.Check(organizationKey(o.Home), itemstore.Rev(o.Rev))}
	for _, key := range requestKeys(r) {
		ops = append(ops, create(key, r))
	}
	return c.write(ctx, events{requestEvent(registry.JoinRequested, o.Name, r)}, func(op int) error {
		if op == 0 {
			return changed("the organization")(op)
		}
		return registry.Errorf(registry.Conflict, "you have asked to join %s already", o.Name)
	}, ops...)
}

// RequestAccess is OrganizationAccess with a request to join; nil when there is none of that id.
func (c *Catalog) RequestAccess(ctx context.Context, account registry.ID, name string, id registry.ID) (o registry.Organization, role registry.Role, r *registry.JoinRequest, err error) {
	o, items, err := c.inOrganization(ctx, name, func(home string) []itemstore.Key {
		return []itemstore.Key{memberKey(home, account), requestKey(home, id)}
	})
	if err != nil {
		return o, role, nil, err
	}
	m, err := memberOf(o, items[0])
	if err != nil {
		return o, role, nil, err
	}
	found, ok, err := read[registry.JoinRequest](items[1])
	if ok && found.OrganizationID == o.ID {
		r = &found
	}
	return o, m.Role, r, err
}

// JoinRequests lists the requests to join an organization.
func (c *Catalog) JoinRequests(ctx context.Context, o registry.Organization) ([]registry.JoinRequest, error) {
	list, err := all[registry.JoinRequest](ctx, c, itemstore.Query{
		Partition: organizationKey(o.Home).Partition, Prefix: requestPrefix,
	})
	for i := range list {
		list[i].Organization = o.Name
	}
	return list, err
}

// JoinRequestsOf lists the requests of an account, by the names that the organizations have now.
func (c *Catalog) JoinRequestsOf(ctx context.Context, account registry.ID) ([]registry.JoinRequest, error) {
	list, err := all[registry.JoinRequest](ctx, c, itemstore.Query{
		Partition: accountKey(account).Partition, Prefix: requestPrefix,
	})
	if err != nil {
		return nil, err
	}
	homes := make([]string, len(list))
	for i, r := range list {
		homes[i] = r.Home
	}
	organizations, err := c.organizationsAt(ctx, homes)
	if err != nil {
		return nil, err
	}
	requests := list[:0]
	for i, r := range list {
		if o := organizations[i]; o.ID == r.OrganizationID && !o.Deleting {
			r.Organization = o.Name
			requests = append(requests, r)
		}
	}
	return requests, nil
}

// JoinRequestOf reads a request of an account.
func (c *Catalog) JoinRequestOf(ctx context.Context, account, id registry.ID) (registry.JoinRequest, error) {
	return get[registry.JoinRequest](ctx, c, accountRequestKey(account, id), "request")
}

// Approve makes a member of who asked. Conflict when that was done, or the request withdrawn,
// meanwhile.
func (c *Catalog) Approve(ctx context.Context, o registry.Organization, r registry.JoinRequest, role registry.Role) error {
	ops := append(c.admission(o, registry.RoleNone, role), c.join(o, r.Account, r.Username, role)...)
	told := events{
		with(requestEvent(registry.JoinRequestApproved, o.Name, r), map[string]any{"role": role.String()}),
		memberEvent(registry.MemberAdded, o, r.Account, r.Username, role),
	}
	member := len(ops) - 2
	return c.write(ctx, told, func(op int) error {
		if op == member {
			return registry.Errorf(registry.Conflict, "%s is already a member of %s", r.Username, o.Name)
		}
		return changed("the request")(op)
	}, append(ops, withoutRequest(r)...)...)
}

// EndRequest takes a request away: it was denied, or cancelled.
func (c *Catalog) EndRequest(ctx context.Context, organization string, r registry.JoinRequest, what registry.EventType) error {
	return c.write(ctx, events{requestEvent(what, organization, r)}, changed("the request"), withoutRequest(r)...)
}

func withoutRequest(r registry.JoinRequest) (ops []itemstore.Op) {
	for _, key := range requestKeys(r) {
		ops = append(ops, itemstore.Delete(key, itemstore.Exists()))
	}
	return ops
}

func requestEvent(what registry.EventType, organization string, r registry.JoinRequest) registry.Event {
	return registry.Event{
		Type: what, OrganizationID: r.OrganizationID, Organization: organization, Home: r.Home,
		Data: map[string]any{
			"organization": organization, "organizationId": r.OrganizationID,
			"requestId": r.ID, "userId": r.Account, "username": r.Username,
		},
	}
}
