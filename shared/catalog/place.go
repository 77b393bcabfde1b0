package catalog

import (
	"context"
	"encoding/json"
	"maps"
	"strings"
	"time"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// BoxAt reads a box by its id and by where it keeps its versions, whatever box and organization are
// called now. NotFound when it is gone.
func (c *Catalog) BoxAt(ctx context.Context, home string, id registry.ID, want Wanted) (a BoxAccess, err error) {
	place, name, _ := strings.Cut(home, "/")
	keys := append([]itemstore.Key{organizationKey(place), boxKey(place, name), movedKey(home), goneKey(place, name)}, want.keys(home)...)
	items, err := c.Store.Get(ctx, keys...)
	if err != nil {
		return a, err
	}
	box, gone := items[1], items[3]
	to, err := movedFrom(items[2], id)
	if err != nil {
		return a, err
	}
	if to != "" {
		found, err := c.Store.Get(ctx, boxKey(place, to), goneKey(place, to))
		if err != nil {
			return a, err
		}
		box, gone = found[0], found[1]
	}
	a.Gone = gone.Exists()
	if a.Organization, a.Box, err = boxWith(items[0], box, id); err != nil {
		return a, err
	}
	return a, c.belongings(ctx, &a, home, want, items[4:])
}

// boxWith decodes a box of that id and its organization, which may both be gone.
func boxWith(organization, box itemstore.Item, id registry.ID) (o registry.Organization, b registry.Box, err error) {
	if o, err = organizationAt(organization); err != nil {
		return o, b, err
	}
	if b, err = boxOf(o, box); err == nil && b.ID != id {
		err = registry.Missing("box")
	}
	return o, b, err
}

// boxesAt is BoxAt for all boxes that are watched, in two reads; one that is gone has no ID.
func (c *Catalog) boxesAt(ctx context.Context, watches []registry.Watch) ([]BoxAccess, error) {
	var keys []itemstore.Key
	for _, w := range watches {
		place, name, _ := strings.Cut(w.Home, "/")
		keys = append(keys, organizationKey(place), boxKey(place, name), movedKey(w.Home))
	}
	found, err := c.lookUp(ctx, keys)
	if err != nil {
		return nil, err
	}
	boxes, elsewhere := make([]itemstore.Key, len(watches)), []itemstore.Key(nil)
	for i, w := range watches {
		boxes[i] = keys[3*i+1]
		to, err := movedFrom(found[keys[3*i+2]], w.Box)
		if err != nil {
			return nil, err
		}
		if to != "" {
			place, _, _ := strings.Cut(w.Home, "/")
			boxes[i] = boxKey(place, to)
			elsewhere = append(elsewhere, boxes[i])
		}
	}
	more, err := c.lookUp(ctx, elsewhere)
	if err != nil {
		return nil, err
	}
	maps.Copy(found, more)
	list := make([]BoxAccess, len(watches))
	for i, w := range watches {
		o, b, err := boxWith(found[keys[3*i]], found[boxes[i]], w.Box)
		if err != nil && registry.KindOf(err) != registry.NotFound {
			return nil, err
		}
		if err == nil {
			list[i] = BoxAccess{Organization: o, Box: b}
		}
	}
	return list, nil
}

// organizationAt decodes what is at an organization's home.
func organizationAt(it itemstore.Item) (registry.Organization, error) {
	o, err := present[registry.Organization](it, "organization")
	if err == nil && (o.ID == 0 || o.Deleting) {
		err = registry.Missing("organization")
	}
	return o, err
}

// movedFrom is the name that a box has now which keeps its versions at a home; empty when it has not
// moved away.
func movedFrom(it itemstore.Item, id registry.ID) (name string, err error) {
	var m moved
	if it.Exists() {
		err = json.Unmarshal(it.Doc, &m)
	}
	if m.Box != id {
		m.Name = ""
	}
	return m.Name, err
}

// resumeLife is how long a client may go on with a download of the same URL: Vagrant does for a day
// (vagrant-protocol §3.4). A file that comes to such a URL within that time gets another one.
const resumeLife = 48 * time.Hour

// gone marks that a file has left its URL, or may have.
func (c *Catalog) gone(home, box string) itemstore.Op {
	mark := item(goneKey(home, box), struct{}{})
	mark.Expires = c.Now().Add(resumeLife)
	return itemstore.Put(mark, itemstore.Condition{})
}
