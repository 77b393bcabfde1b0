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

// Mailed is a letter on its way, with the ticket that its link stands for.
type Mailed struct {
	Letter registry.Letter
	// Hash is the SHA-256 (hex) of the ticket's token.
	Hash string
}

// mail gives the ticket of a letter, if it has one, and has the letter sent.
func (c *Catalog) mail(letters []Mailed) (ops []itemstore.Op) {
	for _, m := range letters {
		if m.Letter.Ticket != nil {
			ops = append(ops, giveTicket(*m.Letter.Ticket, m.Hash))
		}
		ops = append(ops, c.dueLetter(m.Letter))
	}
	return ops
}

// Mail sends letters that somebody asked for. Every such letter is counted.
func (c *Catalog) Mail(ctx context.Context, asked Asked, letters ...Mailed) error {
	count := itemstore.AddUntil(asked.key, 1, c.Now().Add(registry.LettersLife))
	return c.write(ctx, unheard, changed("the letter"), append(c.mail(letters), count)...)
}

// Used is a ticket that a write uses up, with the SHA-256 (hex) of its token.
type Used struct {
	registry.Ticket
	Hash string
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
