package catalog

import (
	"context"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// Proof reads an account whose password is about to be asked for, with the wrong ones before.
func (c *Catalog) Proof(ctx context.Context, id registry.ID) (registry.Account, Tries, error) {
	a, items, err := c.accountWith(ctx, id, failedProofKey(id))
	if err != nil {
		return a, Tries{}, err
	}
	return a, triesOf(items[0]), nil
}

// accountWith reads an account together with other items.
func (c *Catalog) accountWith(ctx context.Context, id registry.ID, more ...itemstore.Key) (registry.Account, []itemstore.Item, error) {
	items, err := c.Store.Get(ctx, append([]itemstore.Key{accountKey(id)}, more...)...)
	if err != nil {
		return registry.Account{}, nil, err
	}
	a, err := present[registry.Account](items[0], "account")
	return a, items[1:], err
}

// AskedBy reads an account, and how many letters it has asked for.
func (c *Catalog) AskedBy(ctx context.Context, id registry.ID) (registry.Account, Asked, error) {
	a, items, err := c.accountWith(ctx, id, writtenKey(id.String()))
	if err != nil {
		return a, Asked{}, err
	}
	return a, askedOf(items[0]), nil
}

// AskedFor reads whose address it is, the zero Account for nobody's, and how many letters were asked
// for to it. It takes as many calls either way.
func (c *Catalog) AskedFor(ctx context.Context, address string) (a registry.Account, asked Asked, err error) {
	items, err := c.Store.Get(ctx, emailKey(address), writtenKey(registry.Fold(address)))
	if err != nil {
		return a, asked, err
	}
	l, err := readLogin(items[0])
	if err == nil {
		a, err = c.accountOrNobody(ctx, l.Account)
	}
	return a, askedOf(items[1]), err
}

func askedOf(it itemstore.Item) Asked { return Asked{tallyOf(it, registry.LettersLife), it.Key} }

// SetPassword writes an account with another password, and ends all its sessions; tickets that it
// came by are used up. Wrong passwords before are forgotten, and its owner is told by letter.
func (c *Catalog) SetPassword(ctx context.Context, a registry.Account, used ...Used) (registry.Account, error) {
	a.Epoch++
	a.UpdatedAt = c.Now()
	ops := append(c.putAccount(a),
		itemstore.Delete(failedKey(a.Username), itemstore.Condition{}),
		itemstore.Delete(failedProofKey(a.ID), itemstore.Condition{}),
		c.dueLetter(registry.Letter{Kind: registry.LetterPasswordChanged, To: a.Email, Username: a.Username}))
	first := len(ops)
	for _, u := range used {
		ops = append(ops, takeTicket(u.Ticket, u.Hash))
	}
	return a, c.write(ctx, events{accountEvent(registry.UserPasswordChanged, a)}, func(op int) error {
		if op >= first {
			return registry.Missing("token")
		}
		return changed("the account")(op)
	}, ops...)
}

// SetVerified writes an account whose address is proven by a ticket, which is used up.
func (c *Catalog) SetVerified(ctx context.Context, a registry.Account, used Used) error {
	a.Verified = true
	return c.SaveAccount(ctx, a, registry.UserVerified, takeTicket(used.Ticket, used.Hash))
}

// NewAddress reads an account that is to have another address, with the wrong passwords before and the
// letters that were asked for to that address. Conflict when it is somebody's.
func (c *Catalog) NewAddress(ctx context.Context, id registry.ID, address string) (a registry.Account, t Tries, asked Asked, err error) {
	a, items, err := c.accountWith(ctx, id, failedProofKey(id), writtenKey(registry.Fold(address)), emailKey(address))
	if err != nil {
		return a, t, asked, err
	}
	if items[2].Exists() {
		return a, t, asked, registry.Errorf(registry.Conflict, "the e-mail address is taken")
	}
	return a, triesOf(items[0]), askedOf(items[1]), nil
}

// SetEmail gives an account another address, which is proven when a ticket is used up for it.
// Conflict when the address has become somebody's.
func (c *Catalog) SetEmail(ctx context.Context, a registry.Account, address string, used ...Used) (registry.Account, error) {
	e := with(accountEvent(registry.UserEmailChanged, a), map[string]any{"email": address, "emailBefore": a.Email})
	ops := []itemstore.Op{
		create(emailKey(address), login{Account: a.ID, Username: a.Username}),
		itemstore.Delete(emailKey(a.Email), itemstore.Condition{}),
	}
	a.Email, a.Verified, a.UpdatedAt = address, len(used) > 0, c.Now()
	ops = append(ops, c.putAccount(a)...)
	for _, u := range used {
		ops = append(ops, takeTicket(u.Ticket, u.Hash))
	}
	return a, c.write(ctx, events{e}, func(op int) error {
		if op == 0 {
			return registry.Errorf(registry.Conflict, "the e-mail address is taken")
		}
		return changed("the account")(op)
	}, ops...)
}
