package catalog

import (
	"context"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// listed is the copy of a box for lists: a readme would make each of them cost as much as many.
func listed(b registry.Box) registry.Box {
	b.Readme, b.Metadata = "", nil
	return b
}

// SaveBox writes a box back, for what happened to it. Conflict when it has changed since it was read.
func (c *Catalog) SaveBox(ctx context.Context, b registry.Box, what registry.EventType) error {
	b.UpdatedAt = c.Now()
	return c.write(ctx, events{boxEvent(what, b)}, changed("the box"),
		replace(boxKey(b.Place, b.Name), b, b.Rev),
		itemstore.Put(item(boxListKey(b.Place, b.Name), listed(b)), itemstore.Exists()),
	)
}

// RenameBox writes a box back under another name, at once for all its versions: they stay where
// they are, at the box's Home. Conflict when the name is taken, or the box has changed.
func (c *Catalog) RenameBox(ctx context.Context, b registry.Box, name string) (registry.Box, error) {
	if registry.SameName(b.Name, name) { // another spelling of the same name
		b.Name = name
		return b, c.SaveBox(ctx, b, registry.BoxUpdated)
	}
	before := b
	b.Name, b.UpdatedAt = name, c.Now()
	ops := []itemstore.Op{
		create(boxKey(b.Place, b.Name), b),
		create(boxListKey(b.Place, b.Name), listed(b)),
		itemstore.Delete(boxKey(before.Place, before.Name), itemstore.Rev(before.Rev)),
		itemstore.Delete(boxListKey(before.Place, before.Name), itemstore.Condition{}),
		itemstore.Put(item(movedKey(b.Home), movedTo(b)), itemstore.Condition{}),
		c.gone(before.Place, before.Name),
	}
	e := with(boxEvent(registry.BoxRenamed, b), map[string]any{"renamedFrom": before.Name})
	err := c.write(ctx, events{e}, func(op int) error {
		if op < 2 {
			return errorTaken(b)
		}
		return changed("the box")(op)
	}, ops...)
	return b, err
}

// moved says which box keeps its versions here while it is known under another name. A new box of
// the name that leads here has its versions elsewhere: the two would overwrite each other's.
type moved struct {
	Box  registry.ID `json:"box"`
	Name string      `json:"name"`
}

func movedTo(b registry.Box) moved { return moved{b.ID, b.Name} }

// DeleteBox removes a box from sight; what belongs to it follows by the janitor.
func (c *Catalog) DeleteBox(ctx context.Context, b registry.Box) error {
	return c.write(ctx, events{boxEvent(registry.BoxDeleted, b)}, changed("the box"), c.withoutBox(b, itemstore.Rev(b.Rev))...)
}

func (c *Catalog) withoutBox(b registry.Box, cond itemstore.Condition) []itemstore.Op {
	return []itemstore.Op{
		itemstore.Delete(boxKey(b.Place, b.Name), cond),
		itemstore.Delete(boxListKey(b.Place, b.Name), itemstore.Condition{}),
		c.dueBox(b), c.gone(b.Place, b.Name),
	}
}

func (c *Catalog) dueBox(b registry.Box) itemstore.Op {
	return c.due(Due{Kind: DueBox, Box: b.ID, Home: b.Home}, c.Now())
}

// Boxes lists boxes of an organization in the order of their names, at most limit of them behind
// the name `after`, without their readmes. next is the `after` of the following page, empty on the last one.
func (c *Catalog) Boxes(ctx context.Context, o registry.Organization, after string, limit int) (list []registry.Box, next string, err error) {
	page, err := c.Store.Query(ctx, itemstore.Query{
		Partition: boxListKey(o.Home, "").Partition, After: registry.Fold(after), Limit: limit,
	})
	if err != nil {
		return nil, "", err
	}
	list, err = readAll[registry.Box](page.Items)
	list = slices.DeleteFunc(list, func(b registry.Box) bool { return !o.Has(b) })
	for i := range list {
		list[i].Organization = o.Name
	}
	return list, page.Next, err
}

// Tree is a box with all its versions, read in one Query. The versions are decoded when they are
// asked for.
type Tree struct {
	Box          registry.Box
	Organization registry.Organization
	items        []itemstore.Item
	fresh        bool
}

// Tree reads a box of an organization and its versions. NotFound, with the organization alone,
// when there is no such box.
func (c *Catalog) Tree(ctx context.Context, o registry.Organization, name string) (t Tree, err error) {
	t.Organization = o
	if err := named("box", name); err != nil {
		return t, err
	}
	items, err := c.partition(ctx, boxKey(o.Home, name).Partition)
	if err != nil {
		return t, err
	}
	// "box" sorts before every "version#…".
	if len(items) == 0 || items[0].Sort != boxKey(o.Home, name).Sort {
		return t, registry.Missing("box")
	}
	if t.Box, err = boxOf(o, items[0]); err != nil {
		return t, err
	}
	t.items = items[1:]
	if t.Box.Home != boxHome(o.Home, name) { // it was renamed
		t.items, err = c.partition(ctx, "box#"+t.Box.Home)
	}
	if err == nil && t.Box.Mirrored != "" {
		err = t.takeFreshness()
	}
	return t, err
}

// boxOf decodes a box of an organization; one that was left over from an earlier one is none.
func boxOf(o registry.Organization, it itemstore.Item) (registry.Box, error) {
	b, err := present[registry.Box](it, "box")
	if err == nil && !o.Has(b) {
		err = registry.Missing("box")
	}
	b.Organization = o.Name
	return b, err
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
		if t.Box.Has(v) {
			list = append(list, v)
		}
	}
	registry.SortVersions(list)
	return list, nil
}

// VisibleTo are the box's versions that a role may see, the oldest first: who is no member sees only
// what is released.
func (t Tree) VisibleTo(role registry.Role) ([]registry.Version, error) {
	list, err := t.Versions()
	if role == registry.RoleNone {
		list = slices.DeleteFunc(list, func(v registry.Version) bool { return v.Status != registry.Active })
	}
	return list, err
}

// Stamp is equal for two trees only if nothing about the box and its versions differs: it is made
// of the revisions, which are never used twice, and of the name that is not part of them.
func (t Tree) Stamp() string {
	h := fnv.New64a()
	b := []byte(t.Box.Organization)
	b = strconv.AppendInt(append(b, ','), t.Box.Rev, 36)
	for _, item := range t.items {
		b = strconv.AppendInt(append(b, ','), item.Rev, 36)
	}
	h.Write(b)
	return strconv.FormatUint(h.Sum64(), 36)
}
