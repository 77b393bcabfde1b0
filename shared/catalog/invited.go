package catalog

import (
	"context"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// Invited is an invitation that a token was shown for.
type Invited struct {
	Invitation   registry.Invitation
	Organization registry.Organization
	// Account and Member are of who asks, as far as that is somebody, and a member.
	Account registry.Account
	Member  registry.Membership

	ticket Used
}

// Proven reports whether the token shows that its holder reads mail to the invitation's address. That
// of the link which was shown to who invites does not.
func (i Invited) Proven() bool { return i.ticket.Purpose == registry.PurposeInvite }

// Invited reads an invitation by the SHA-256 (hex) of one of its tokens, for an account, or for 0, a
// stranger. NotFound when it was accepted, withdrawn or renewed, or has expired.
func (c *Catalog) Invited(ctx context.Context, hash string, account registry.ID) (i Invited, err error) {
	i.ticket.Hash = hash
	i.ticket.Ticket, err = get[registry.Ticket](ctx, c, ticketKey(hash), "invitation")
	if p := i.ticket.Purpose; err == nil && p != registry.PurposeInvite && p != registry.PurposeInviteLink {
		err = registry.Missing("invitation")
	}
	if err != nil {
		return i, err
	}
	o, items, err := c.inOrganization(ctx, i.ticket.Home, func(home string) []itemstore.Key {
		keys := []itemstore.Key{invitationKey(home, i.ticket.Email)}
		if account != 0 {
			keys = append(keys, memberKey(home, account), accountKey(account))
		}
		return keys
	})
	if err == nil && o.ID != i.ticket.OrganizationID { // a later one of the name
		err = registry.Missing("invitation")
	}
	if err != nil {
		return i, err
	}
	i.Organization = o
	return i, c.readInvited(&i, items)
}

// Invitation is Invited by the id of the invitation.
func (c *Catalog) Invitation(ctx context.Context, id, account registry.ID) (Invited, error) {
	return c.Invited(ctx, handleOf(id), account)
}

func (c *Catalog) readInvited(i *Invited, items []itemstore.Item) (err error) {
	if i.Invitation, err = present[registry.Invitation](items[0], "invitation"); err != nil {
		return err
	}
	if i.Invitation.ID != i.ticket.ID { // renewed between two reads
		return registry.Missing("invitation")
	}
	i.Invitation.Organization = i.Organization.Name
	if len(items) == 1 {
		return nil
	}
	if i.Member, err = memberOf(i.Organization, items[1]); err != nil {
		return err
	}
	i.Account, err = present[registry.Account](items[2], "account")
	return err
}

// use makes a write depend on the ticket that was shown, and takes the invitation away with all its
// tickets: of two writes at once, one finds it gone.
func (i Invited) use() []itemstore.Op {
	ops := []itemstore.Op{
		takeTicket(i.ticket.Ticket, i.ticket.Hash),
		itemstore.Delete(invitationKey(i.Invitation.Home, i.Invitation.Email), itemstore.Condition{}),
	}
	for _, key := range ticketKeys(i.Invitation) {
		if key != ticketKey(i.ticket.Hash) {
			ops = append(ops, itemstore.Delete(key, itemstore.Condition{}))
		}
	}
	return ops
}

// enter makes an account a member by an invitation. When the operation of that index fails, entered
// tells why.
func (c *Catalog) enter(i Invited, a registry.Account) []itemstore.Op {
	ops := append(i.use(), c.join(i.Organization, a.ID, a.Username, i.Invitation.Role)...)
	return append(ops, c.admission(i.Organization, registry.RoleNone, i.Invitation.Role)...)
}

func (i Invited) entered(a registry.Account, op int) error {
	switch {
	case op == 0:
		return registry.Missing("invitation")
	case op == len(i.use()):
		return registry.Errorf(registry.Conflict, "%s is already a member of %s", a.Username, i.Organization.Name)
	default:
		return changed("the organization")(op)
	}
}

func (i Invited) acceptedBy(a registry.Account) events {
	e := with(invitationEvent(registry.InvitationAccepted, i.Organization, i.Invitation), map[string]any{
		"userId": a.ID, "username": a.Username,
	})
	return events{e, memberEvent(registry.MemberAdded, i.Organization, a.ID, a.Username, i.Invitation.Role)}
}

// Accept makes a member of the account that the invitation was read for, and notes that its address is
// proven where the token shows that. NotFound when the invitation was used meanwhile.
func (c *Catalog) Accept(ctx context.Context, i Invited) error {
	a, ops, told := i.Account, c.enter(i, i.Account), i.acceptedBy(i.Account)
	if i.Proven() && !a.Verified {
		a.Verified, a.UpdatedAt = true, c.Now()
		ops, told = append(ops, c.putAccount(a)...), append(told, accountEvent(registry.UserVerified, a))
	} else {
		ops = append(ops, itemstore.Check(accountKey(a.ID), itemstore.Rev(a.Rev)))
	}
	return c.write(ctx, told, func(op int) error { return i.entered(a, op) }, ops...)
}

// CreateInvited writes a new account that is a member by an invitation from its beginning: both or
// neither. NotFound when the invitation was used meanwhile, Conflict when name or address is taken.
func (c *Catalog) CreateInvited(ctx context.Context, a registry.Account, i Invited, letters ...Mailed) (registry.Account, error) {
	a.Primary, a.Verified = i.Organization.Home, i.Proven()
	made := newAccount(a)
	ops := append(append(made, c.enter(i, a)...), c.mail(letters)...)
	return a, c.write(ctx, append(events{userCreated(a)}, i.acceptedBy(a)...), func(op int) error {
		if err := taken(a, op); err != nil {
			return err
		}
		return i.entered(a, op-len(made))
	}, ops...)
}
