package catalog

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// ClearBox removes the records that a deleted box left; its files are on the janitor's list when
// it returns.
func (c *Catalog) ClearBox(ctx context.Context, d Due) error {
	for _, part := range []func(context.Context, Due) error{c.clearVersions, c.clearMoved, c.clearUploads, c.clearCounts, c.clearWatches} {
		if err := part(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

// clearBatch keeps one write below MaxOps, with at most eight operations for each record; clearTries is
// how often a batch is read anew when one of its records has changed meanwhile.
const (
	clearBatch = itemstore.MaxOps / 8
	clearTries = 5
)

func (c *Catalog) clearVersions(ctx context.Context, d Due) error {
	return c.clear(ctx, itemstore.Query{Partition: "box#" + d.Home, Prefix: versionPrefix},
		func(it itemstore.Item) ([]itemstore.Op, error) {
			v, _, err := read[registry.Version](it)
			if err != nil || v.Box != d.Box || d.Era != 0 && v.BoxEra >= d.Era { // of a new box, or a new version
				return nil, err
			}
			ops := append(c.dueFiles(v.Files()), itemstore.Delete(it.Key, itemstore.Rev(it.Rev)))
			return append(ops, c.record(ctx, d.deletedVersion(v))...), nil
		})
}

// clearMoved comes behind clearVersions: from here on a new box may have the place.
func (c *Catalog) clearMoved(ctx context.Context, d Due) error {
	return c.clear(ctx, itemstore.Query{Partition: "box#" + d.Home, Prefix: movedKey(d.Home).Sort},
		func(it itemstore.Item) ([]itemstore.Op, error) {
			var m moved
			if err := json.Unmarshal(it.Doc, &m); err != nil || m.Box != d.Box {
				return nil, err
			}
			return []itemstore.Op{itemstore.Delete(it.Key, itemstore.Rev(it.Rev))}, nil
		})
}

func (c *Catalog) clearUploads(ctx context.Context, d Due) error {
	return c.clear(ctx, itemstore.Query{Partition: uploadKey(d.Home, "").Partition},
		func(it itemstore.Item) ([]itemstore.Op, error) {
			u, _, err := read[registry.Upload](it)
			other := strings.HasPrefix(it.Sort, uploadPrefix) && u.BoxID != d.Box ||
				strings.HasPrefix(it.Sort, chunkedPrefix) && !strings.HasPrefix(it.Sort, chunkedPrefix+d.Box.String()+"#")
			if err != nil || other { // of a new box of the same name
				return nil, err
			}
			// The bytes go when the upload would have expired; that is on the list already.
			return []itemstore.Op{itemstore.Delete(it.Key, itemstore.Condition{})}, nil
		})
}

func (c *Catalog) clearCounts(ctx context.Context, d Due) error {
	return c.clear(ctx, itemstore.Query{Partition: countKey(d.Box, 0).Partition},
		func(it itemstore.Item) ([]itemstore.Op, error) {
			return []itemstore.Op{itemstore.Delete(it.Key, itemstore.Condition{})}, nil
		})
}

// clear removes what a query finds, batch by batch, and reports whether it came to the end.
func (c *Catalog) clear(ctx context.Context, q itemstore.Query, remove func(itemstore.Item) ([]itemstore.Op, error)) error {
	q.Limit = clearBatch
	for try := 1; ; {
		page, err := c.Store.Query(ctx, q)
		if err != nil {
			return err
		}
		var ops []itemstore.Op
		for _, it := range page.Items {
			some, err := remove(it)
			if err != nil {
				return err
			}
			ops = append(ops, some...)
		}
		if len(ops) > 0 {
			err := c.Store.Write(ctx, ops...)
			if _, clash := itemstore.FailedOp(err); clash && try < clearTries {
				try++
				continue
			}
			if err != nil {
				return err
			}
			c.noticed(ops)
		}
		if page.Next == "" {
			return nil
		}
		q.After = page.Next
	}
}
