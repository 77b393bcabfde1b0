package catalog

import (
	"context"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// Ticket reads a ticket by the SHA-256 (hex) of its token. NotFound when there is none, when it was
// used or has expired, and when it is good for something else.
func (c *Catalog) Ticket(ctx context.Context, hash string, purpose registry.Purpose) (registry.Ticket, error) {
	t, err := get[registry.Ticket](ctx, c, ticketKey(hash), string(purpose)+" token")
	if err == nil && t.Purpose != purpose {
		err = registry.Missing(string(purpose) + " token")
	}
	return t, err
}

// giveTicket writes a ticket, until its ExpiresAt.
func giveTicket(t registry.Ticket, hash string) itemstore.Op {
	it := item(ticketKey(hash), t)
	it.Expires = t.ExpiresAt
	return itemstore.Put(it, itemstore.Absent())
}

// takeTicket makes a write depend on the ticket, which is void afterwards: of two writes at once,
// one finds it gone.
func takeTicket(t registry.Ticket, hash string) itemstore.Op {
	return itemstore.Delete(ticketKey(hash), itemstore.Rev(t.Rev))
}
