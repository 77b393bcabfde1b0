package catalog

import (
	"context"
	"errors"
	"hash/fnv"
	"strconv"
	"strings"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// CreateBox writes a new box. Conflict when the name is taken. Its Home is its name, unless the
// versions of a box that was renamed are kept there still.
func (c *Catalog) CreateBox(ctx context.Context, o registry.Organization, b registry.Box) (registry.Box, error) {
	if o.Deleting {
		return b, registry.Errorf(registry.Conflict, "%s is being deleted", o.Name)
	}
	b.Home = home(o.Name, b.Name)
	err := c.createBox(ctx, o, b, itemstore.Check(movedKey(b.Home), itemstore.Absent()))
	if err == errOccupied {
		b.Home += "#" + b.ID.String()
		err = c.createBox(ctx, o, b)
	}
	return b, err
}

var errOccupied = errors.New("the versions of another box are there")

func (c *Catalog) createBox(ctx context.Context, o registry.Organization, b registry.Box, more ...itemstore.Op) error {
	return c.write(ctx, func(op int) error {
		switch op {
		case 0:
			return changed("the organization")(op)
		case 1, 2:
			return registry.Errorf(registry.Conflict, "the box %s already exists", b.Tag())
		default:
			return errOccupied
		}
	}, append([]itemstore.Op{
		itemstore.Check(organizationKey(o.Name), itemstore.Rev(o.Rev)),
		create(boxKey(b.Organization, b.Name), b),
		create(boxListKey(b.Organization, b.Name), listed(b)),
	}, more...)...)
}

// listed is the copy of a box for lists: a readme would make each of them cost as much as many.
func listed(b registry.Box) registry.Box {
	b.Readme = ""
	return b
}

// Box reads a box.
func (c *Catalog) Box(ctx context.Context, organization, name string) (registry.Box, error) {
	return get[registry.Box](ctx, c, boxKey(organization, name), "box")
}

// SaveBox writes a box back. Conflict when it has changed since it was read.
func (c *Catalog) SaveBox(ctx context.Context, b registry.Box) error {
	b.UpdatedAt = c.Now()
	return c.write(ctx, changed("the box"),
		replace(boxKey(b.Organization, b.Name), b, b.Rev),
		itemstore.Put(item(boxListKey(b.Organization, b.Name), listed(b)), itemstore.Exists()),
	)
}

// RenameBox writes a box back under another name, at once for all its versions: they stay where
// they are, at the box's Home. Conflict when the name is taken, or the box has changed.
func (c *Catalog) RenameBox(ctx context.Context, b registry.Box, name string) (registry.Box, error) {
	if registry.SameName(b.Name, name) { // another spelling of the same name
		b.Name = name
		return b, c.SaveBox(ctx, b)
	}
	before := b
	b.Name, b.UpdatedAt = name, c.Now()
	ops := []itemstore.Op{
		create(boxKey(b.Organization, b.Name), b),
		create(boxListKey(b.Organization, b.Name), listed(b)),
		itemstore.Delete(boxKey(before.Organization, before.Name), itemstore.Rev(before.Rev)),
		itemstore.Delete(boxListKey(before.Organization, before.Name), itemstore.Condition{}),
	}
	if b.Home == home(before.Organization, before.Name) {
		ops = append(ops, itemstore.Put(item(movedKey(b.Home), moved{b.ID}), itemstore.Condition{}))
	}
	err := c.write(ctx, func(op int) error {
		if op < 2 {
			return registry.Errorf(registry.Conflict, "the box %s already exists", b.Tag())
		}
		return changed("the box")(op)
	}, ops...)
	return b, err
}

// moved says which box has left its name but not its Home. A new box of that name has its versions
// elsewhere: the two would overwrite each other's.
type moved struct {
	Box registry.ID `json:"box"`
}

// DeleteBox removes a box from sight; what belongs to it follows by the janitor.
func (c *Catalog) DeleteBox(ctx context.Context, b registry.Box) error {
	return c.write(ctx, changed("the box"),
		itemstore.Delete(boxKey(b.Organization, b.Name), itemstore.Rev(b.Rev)),
		itemstore.Delete(boxListKey(b.Organization, b.Name), itemstore.Condition{}),
		c.due(Due{Kind: DueBox, Box: b.ID, Home: b.Home}, c.Now()),
	)
}

// Boxes lists boxes of an organization in the order of their names, at most limit of them behind
// the name `after`, without their readmes. next is the `after` of the following page, empty on the last one.
func (c *Catalog) Boxes(ctx context.Context, organization, after string, limit int) (list []registry.Box, next string, err error) {
	if err := named("organization", organization); err != nil {
		return nil, "", err
	}
	page, err := c.Store.Query(ctx, itemstore.Query{
		Partition: boxListKey(organization, "").Partition, After: registry.Fold(after), Limit: limit,
	})
	if err != nil {
		return nil, "", err
	}
	list, err = readAll[registry.Box](page.Items)
	return list, page.Next, err
}

// Tree is a box with all its versions, read in one Query. The versions are decoded when they are
// asked for.
type Tree struct {
	Box   registry.Box
	items []itemstore.Item
}

// Tree reads a box and its versions. NotFound when there is no such box.
func (c *Catalog) Tree(ctx context.Context, organization, name string) (t Tree, err error) {
	if err := named("box", organization, name); err != nil {
		return t, err
	}
	items, err := c.partition(ctx, boxKey(organization, name).Partition)
	if err != nil {
		return t, err
	}
	// "box" sorts before every "version#…".
	if len(items) == 0 || items[0].Sort != boxKey(organization, name).Sort {
		return t, registry.Missing("box")
	}
	if t.Box, _, err = read[registry.Box](items[0]); err != nil {
		return t, err
	}
	t.items = items[1:]
	if t.Box.Home != home(organization, name) { // it was renamed
		t.items, err = c.partition(ctx, "box#"+t.Box.Home)
	}
	return t, err
}

func (c *Catalog) partition(ctx context.Context, name string) (items []itemstore.Item, err error) {
	q := itemstore.Query{Partition: name}
	for {
		page, err := c.Store.Query(ctx, q)
		if err != nil {
			return nil, err
		}
		items = append(items, page.Items...)
		if page.Next == "" {
			return items, nil
		}
		q.After = page.Next
	}
}

// Versions decodes the box's versions and returns them in version order, the oldest first.
func (t Tree) Versions() ([]registry.Version, error) {
	list := make([]registry.Version, 0, len(t.items))
	for _, item := range t.items {
		if !strings.HasPrefix(item.Sort, versionPrefix) {
			continue
		}
		v, _, err := read[registry.Version](item)
		if err != nil {
			return nil, err
		}
		if v.Box == t.Box.ID { // not left over from a deleted box of the same name
			list = append(list, v)
		}
	}
	registry.SortVersions(list)
	return list, nil
}

// Stamp is equal for two trees only if nothing about the box and its versions differs: it is made
// of the revisions, which are never used twice.
func (t Tree) Stamp() string {
	h := fnv.New64a()
	var b []byte
	b = strconv.AppendInt(b, t.Box.Rev, 36)
	for _, item := range t.items {
		b = strconv.AppendInt(append(b, ','), item.Rev, 36)
	}
	h.Write(b)
	return strconv.FormatUint(h.Sum64(), 36)
}
