package catalog

import (
	"cmp"
	"context"
	"errors"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// CreateBox writes a new box. Conflict when the name is taken. Its Home is its name, unless the
// versions of a box that was renamed are kept there still.
func (c *Catalog) CreateBox(ctx context.Context, o registry.Organization, b registry.Box) (registry.Box, error) {
	b.Place, b.Home = o.Home, boxHome(o.Home, b.Name)
	home, old := itemstore.Check(movedKey(b.Home), itemstore.Absent()), registry.Box{}
	for {
		err := c.createBox(ctx, o, b, old, home)
		switch {
		case err == errOccupied:
			b.Home += "#" + b.ID.String()
			home = create(movedKey(b.Home), movedTo(b))
		case err == errTaken && old.ID == 0:
			if old, err = c.leftoverBox(ctx, o, b.Name); err != nil || old.ID == 0 {
				return b, cmp.Or(err, errorTaken(b))
			}
		case err == errTaken:
			return b, errorTaken(b)
		default:
			return b, err
		}
	}
}

var (
	errOccupied = errors.New("the versions of another box are there")
	errTaken    = errors.New("another box has the name")
)

func errorTaken(b registry.Box) error {
	return registry.Errorf(registry.Conflict, "the box %s already exists", b.Tag())
}

func (c *Catalog) createBox(ctx context.Context, o registry.Organization, b, old registry.Box, home itemstore.Op) error {
	return c.write(ctx, append(deletedBox(old), boxEvent(registry.BoxCreated, b)), func(op int) error {
		switch op {
		case 0:
			return changed("the organization")(op)
		case 1, 2:
			return errTaken
		default:
			return errOccupied
		}
	}, append(append([]itemstore.Op{itemstore.Check(organizationKey(o.Home), itemstore.Rev(o.Rev))}, c.putBox(b, old)...), home)...)
}

// putBox puts a box at its name: a free one, or that of a box which is left over there.
func (c *Catalog) putBox(b, old registry.Box) []itemstore.Op {
	if old.ID == 0 {
		return []itemstore.Op{
			create(boxKey(b.Place, b.Name), b),
			create(boxListKey(b.Place, b.Name), listed(b)),
		}
	}
	return []itemstore.Op{
		replace(boxKey(b.Place, b.Name), b, old.Rev),
		itemstore.Put(item(boxListKey(b.Place, b.Name), listed(b)), itemstore.Condition{}),
		c.dueBox(old), c.gone(old.Place, old.Name),
	}
}

// leftoverBox reads a box that was deleted with all others and is not cleared away yet; the zero value
// when there is none of that name.
func (c *Catalog) leftoverBox(ctx context.Context, o registry.Organization, name string) (registry.Box, error) {
	items, err := c.Store.Get(ctx, boxKey(o.Home, name))
	if err != nil {
		return registry.Box{}, err
	}
	old, _, err := read[registry.Box](items[0])
	if err != nil || o.Has(old) {
		return registry.Box{}, err
	}
	old.Organization = o.Name
	return old, nil
}

func deletedBox(old registry.Box) events {
	if old.ID == 0 {
		return nil
	}
	return events{boxEvent(registry.BoxDeleted, old)}
}
