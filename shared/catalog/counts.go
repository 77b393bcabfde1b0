package catalog

import (
	"context"
	"encoding/json"
	"strconv"
	"sync"
	"time"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// downloadTotal is the sum of a box's counts when they were last added up.
type downloadTotal struct {
	Downloads int64 `json:"downloads"`
}

// recountEvery is how often a box's downloads are added up at the most.
const recountEvery = 10 * time.Minute

// CountDownload adds one to the downloads of a file. Once in a while it also has the box's downloads
// added up, after the time in which other downloads leave that to this one.
func (c *Catalog) CountDownload(ctx context.Context, b registry.Box, file registry.ID) error {
	ops := []itemstore.Op{itemstore.Add(countKey(b.ID, file), 1), count(totalDownloads, 1)}
	window := c.Now().Truncate(recountEvery)
	if c.recounts.mark(b.ID, window) {
		d := Due{Kind: DueRecount, Box: b.ID, Home: b.Home}
		// Other processes put the same piece at the same place.
		key := dueKey(window.Add(recountEvery+time.Minute), "recount-"+b.ID.String())
		ops = append(ops, itemstore.Put(item(key, d), itemstore.Condition{}))
	}
	return c.write(ctx, unheard, changed("the count"), ops...)
}

// recounts remembers which boxes this process has on the janitor's list to be added up. To forget one
// does no harm.
type recounts struct {
	mu     sync.Mutex
	window time.Time
	boxes  map[registry.ID]bool
}

// maxRecounts bounds the memory; beyond it everything is forgotten.
const maxRecounts = 10_000

// mark reports whether the box was not marked before in the window.
func (r *recounts) mark(box registry.ID, window time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.window.Equal(window) || len(r.boxes) >= maxRecounts {
		r.window, r.boxes = window, map[registry.ID]bool{}
	}
	if r.boxes[box] {
		return false
	}
	r.boxes[box] = true
	return true
}

// Recount adds up the downloads of a box for its total, and returns the box.
// NotFound when the box is gone. It can be done again at any time.
func (c *Catalog) Recount(ctx context.Context, d Due) (registry.Box, error) {
	a, err := c.BoxAt(ctx, d.Home, d.Box, Wanted{})
	if err != nil {
		return a.Box, err
	}
	counts, before, err := c.counts(ctx, d.Box)
	if err != nil {
		return a.Box, err
	}
	after := downloadTotal{counts.Total()}
	total, err := totalOf(before)
	if err != nil || total == after {
		return a.Box, err
	}
	return a.Box, c.write(ctx, unheard, changed("the box"),
		c.boxStays(a.Box),
		replace(downloadTotalKey(d.Box), after, before.Rev),
	)
}

// totalOf is the zero value for an absent item.
func totalOf(it itemstore.Item) (t downloadTotal, err error) {
	if it.Exists() {
		err = json.Unmarshal(it.Doc, &t)
	}
	return t, err
}

// DownloadTotal returns the downloads of a box as they were added up last: a few minutes behind, and
// one Get.
func (c *Catalog) DownloadTotal(ctx context.Context, box registry.ID) (int64, error) {
	items, err := c.Store.Get(ctx, downloadTotalKey(box))
	if err != nil {
		return 0, err
	}
	t, err := totalOf(items[0])
	return t.Downloads, err
}

// Downloads returns how often the files of a box were downloaded, those that are gone included.
func (c *Catalog) Downloads(ctx context.Context, box registry.ID) (registry.Downloads, error) {
	counts, _, err := c.counts(ctx, box)
	return counts, err
}

// DownloadsOf is Downloads for some files alone; one Get for up to 100 of them.
func (c *Catalog) DownloadsOf(ctx context.Context, box registry.ID, files ...registry.File) (registry.Downloads, error) {
	if len(files) == 0 {
		return nil, nil
	}
	keys := make([]itemstore.Key, len(files))
	for i, f := range files {
		keys[i] = countKey(box, f.ID)
	}
	found, err := c.lookUp(ctx, keys)
	counts := registry.Downloads{}
	for i, f := range files {
		counts[f.ID] = found[keys[i]].Count
	}
	return counts, err
}

// counts reads the counts of a box, and the item of its total.
func (c *Catalog) counts(ctx context.Context, box registry.ID) (counts registry.Downloads, total itemstore.Item, err error) {
	items, err := c.partition(ctx, downloadTotalKey(box).Partition)
	counts = registry.Downloads{}
	for _, it := range items {
		if it.Key == downloadTotalKey(box) {
			total = it
			continue
		}
		id, err := strconv.ParseInt(it.Sort, 10, 64)
		if err != nil {
			return nil, total, err
		}
		counts[registry.ID(id)] = it.Count
	}
	return counts, total, err
}
