package catalog

import (
	"context"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// An invitation is kept at the organization's home, under the address that it is for, and has a ticket
// for each token that it is accepted by, and one that it is found by when all that is known is its id. All of
// them come, and go, in one write.

func ticketKeys(i registry.Invitation) []itemstore.Key {
	if i.ID == 0 { // there is none
		return nil
	}
	keys := []itemstore.Key{ticketKey(handleOf(i.ID))}
	for _, hash := range i.Tickets {
		keys = append(keys, ticketKey(hash))
	}
	return keys
}

// handleOf stands where the hash of a token would: no token has it.
func handleOf(invitation registry.ID) string { return "invitation-" + invitation.String() }

// Inviting is what is read before somebody is invited.
type Inviting struct {
	Organization registry.Organization
	Role         registry.Role // of who invites
	Member       bool          // the address is a member's
	Letters      int           // of invitation, that went to the address lately

	before registry.Invitation // of the same address, void once there is another
}

// Inviting is OrganizationAccess with what there is about an address. It takes as many calls whether
// the address is somebody's or not.
func (c *Catalog) Inviting(ctx context.Context, account registry.ID, name, address string) (at Inviting, err error) {
	o, items, err := c.inOrganization(ctx, name, func(home string) []itemstore.Key {
		return []itemstore.Key{memberKey(home, account), emailKey(address), invitationKey(home, address), invitedKey(address)}
	})
	if err != nil {
		return at, err
	}
	at.Organization, at.Letters = o, int(items[3].Count)
	own, err := memberOf(o, items[0])
	if err != nil {
		return at, err
	}
	at.Role = own.Role
	owner, err := readLogin(items[1])
	if err != nil {
		return at, err
	}
	if at.before, _, err = read[registry.Invitation](items[2]); err != nil {
		return at, err
	}
	if items, err = c.Store.Get(ctx, memberKey(o.Home, owner.Account)); err != nil {
		return at, err
	}
	m, err := memberOf(o, items[0])
	at.Member = m.Role != registry.RoleNone
	return at, err
}

// Invite writes an invitation, which is in place of one of the same address, and has the letters sent;
// they are counted.
func (c *Catalog) Invite(ctx context.Context, at Inviting, i registry.Invitation, letters ...Mailed) error {
	o, it := at.Organization, item(invitationKey(i.Home, i.Email), i)
	it.Expires = i.ExpiresAt
	ops := []itemstore.Op{
		itemstore.Check(organizationKey(o.Home), itemstore.Rev(o.Rev)), // it must not be deleted meanwhile
		itemstore.Put(it, itemstore.Rev(at.before.Rev)),
		giveTicket(i.Ticket(registry.PurposeInviteLink), i.Tickets[0]),
		giveTicket(i.Ticket(registry.PurposeInviteLink), handleOf(i.ID)),
	}
	if len(letters) > 0 {
		ops = append(ops, itemstore.AddUntil(invitedKey(i.Email), int64(len(letters)), c.Now().Add(registry.InvitationLettersLife)))
	}
	ops = append(append(ops, c.mail(letters)...), opsOf(ticketKeys(at.before))...)
	return c.write(ctx, events{invitationEvent(registry.InvitationCreated, o, i)}, changed("the invitation"), ops...)
}

// Invitations lists the invitations to an organization, by their addresses.
func (c *Catalog) Invitations(ctx context.Context, o registry.Organization) ([]registry.Invitation, error) {
	list, err := all[registry.Invitation](ctx, c, itemstore.Query{
		Partition: organizationKey(o.Home).Partition, Prefix: invitePrefix,
	})
	invitations := list[:0]
	for _, i := range list {
		if i.OrganizationID == o.ID {
			i.Organization = o.Name
			invitations = append(invitations, i)
		}
	}
	return invitations, err
}

// Withdraw takes an invitation back. NotFound when it was accepted, or renewed, meanwhile.
func (c *Catalog) Withdraw(ctx context.Context, i Invited) error {
	e := invitationEvent(registry.InvitationWithdrawn, i.Organization, i.Invitation)
	return c.write(ctx, events{e}, noInvitation, i.use()...)
}

// EndFulfilled takes away an invitation to an organization whose reader has come in another way: later
// on, it would be a way back for a member who was removed. One that was made after the event stays.
func (c *Catalog) EndFulfilled(ctx context.Context, joined registry.Event) error {
	a, o, _, err := c.AccountAccess(ctx, joined.About(), joined.Organization)
	if err != nil || o.ID != joined.OrganizationID {
		return unlessMissing(err)
	}
	items, err := c.Store.Get(ctx, invitationKey(o.Home, a.Email))
	if err != nil {
		return err
	}
	i, ok, err := read[registry.Invitation](items[0])
	if !ok || err != nil || i.OrganizationID != o.ID || i.CreatedAt.After(joined.At) {
		return err
	}
	ops := append(opsOf(ticketKeys(i)), itemstore.Delete(items[0].Key, itemstore.Rev(i.Rev)))
	return c.write(ctx, events{invitationEvent(registry.InvitationWithdrawn, o, i)}, func(int) error { return nil }, ops...)
}

// unlessMissing is for what follows from an event and has nobody any more to follow for.
func unlessMissing(err error) error {
	if registry.KindOf(err) == registry.NotFound {
		return nil
	}
	return err
}

func noInvitation(int) error { return registry.Missing("invitation") }

func invitationEvent(what registry.EventType, o registry.Organization, i registry.Invitation) registry.Event {
	return with(organizationEvent(what, o), map[string]any{
		"invitationId": i.ID, "email": i.Email, "role": i.Role.String(),
	})
}
