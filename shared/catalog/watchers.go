package catalog

import (
	"context"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// watched reports whether those who watch a box are written to about an event.
func watched(e registry.Event) bool {
	return e.Type == registry.BoxReleased || e.Type == registry.BoxDeprecated
}

// dueWatchers has those written to who watch a box, where they are.
func (c *Catalog) dueWatchers(ctx context.Context, what events, b registry.Box, n registry.Number) (ops []itemstore.Op) {
	for _, e := range what {
		if watched(e) {
			ops = append(ops, c.due(Due{Kind: DueWatchers, Box: b.ID, Home: b.Home, Number: n, Event: authored(ctx, e)}, c.Now()))
		}
	}
	return ops
}

// watcherBatch is how many watchers are written to in one write, with the piece of work for the rest.
const watcherBatch = 40

// WriteToWatchers puts letters about an event onto the janitor's list for some of those who watch the
// box, and the rest of the work for later, in the write that takes this piece off the list: of two
// janitors at once one does it, and after a crash it goes on where it was.
func (c *Catalog) WriteToWatchers(ctx context.Context, d Due) error {
	page, err := c.Store.Query(ctx, itemstore.Query{Partition: watchKey(d.Box, 0).Partition, After: d.After, Limit: watcherBatch})
	if err != nil || len(page.Items) == 0 {
		return err
	}
	watches, err := readAll[registry.Watch](page.Items)
	if err != nil {
		return err
	}
	a, err := c.BoxAt(ctx, d.Home, d.Box, Wanted{Number: d.Number})
	if registry.KindOf(err) == registry.NotFound || err == nil && a.Version == nil { // gone meanwhile
		return nil
	}
	if err != nil {
		return err
	}
	letters, err := c.lettersTo(ctx, watches, a, *d.Event)
	if err != nil {
		return err
	}
	ops := append([]itemstore.Op{itemstore.Delete(d.key, itemstore.Exists())}, letters...)
	if page.Next != "" {
		d.After = page.Next
		ops = append(ops, c.due(d, c.Now()))
	}
	err = c.write(ctx, unheard, changed("the janitor's list"), ops...)
	if registry.Retryable(err) { // the other janitor did it
		return nil
	}
	return err
}

// lettersTo are the letters to those of the watchers who may know of the event.
func (c *Catalog) lettersTo(ctx context.Context, watches []registry.Watch, a BoxAccess, e registry.Event) (ops []itemstore.Op, err error) {
	var keys []itemstore.Key
	for _, w := range watches {
		keys = append(keys, accountKey(w.Account), memberKey(a.Box.Place, w.Account))
	}
	found, err := c.lookUp(ctx, keys)
	if err != nil {
		return nil, err
	}
	for i := range watches {
		who, ok, err := read[registry.Account](found[keys[2*i]])
		if err != nil {
			return nil, err
		}
		m, err := memberOf(a.Organization, found[keys[2*i+1]])
		if err != nil {
			return nil, err
		}
		if ok && who.ID != e.By.Account && a.mayHear(who, m) {
			ops = append(ops, c.dueLetter(letterOf(who, a, e)))
		}
	}
	return ops, nil
}

// mayHear reports whether a letter about the box goes to an account: to an address that was confirmed,
// and only as long as its reader may see what it is about.
func (a BoxAccess) mayHear(who registry.Account, m registry.Membership) bool {
	if !who.Verified || who.Suspended || a.Organization.Suspended {
		return false
	}
	return who.Admin || m.Role != registry.RoleNone || a.Box.Open() && a.Version.Status == registry.Active
}

func letterOf(who registry.Account, a BoxAccess, e registry.Event) registry.Letter {
	l := registry.Letter{
		Kind: registry.LetterReleased, To: who.Email, Username: who.Username, By: e.By.Username,
		Organization: a.Organization.Name, Box: a.Box.Tag(), Version: a.Version.Number, Text: a.Version.ReleaseNotes,
	}
	if e.Type == registry.BoxDeprecated {
		l.Kind, l.Text = registry.LetterDeprecated, a.Version.DeprecationReason
	}
	return l
}
