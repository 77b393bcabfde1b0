package catalog

import (
	"context"
	"time"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// Due is work that a write leaves behind for the janitor: what is out of sight already and has to
// be cleared away. It is written with the change that causes it, so none is forgotten, and doing
// it twice does no harm.
type Due struct {
	Kind DueKind `json:"kind"`
	// Blobs are objects to delete.
	Blobs []string `json:"blobs,omitempty"`
	// BlobID is the multipart upload to Blobs[0] that is to be aborted first.
	BlobID   string `json:"blobId,omitempty"`
	PartSize int64  `json:"partSize,omitempty"`
	// Bytes is the size of files among the Blobs, which are counted as removed when it is done.
	Bytes int64 `json:"bytes,omitempty"`
	// Box and Home tell a box whose versions, counts and uploads are to go.
	Box  registry.ID `json:"box,omitempty"`
	Home string      `json:"home,omitempty"`
	// Era is the one that the box's versions are of which stay; 0: none does.
	Era registry.Era `json:"era,omitempty"`
	// Number is the version that watchers of the box are to hear of.
	Number registry.Number `json:"number,omitempty"`
	// After is the place in a long list that all before was done of.
	After string `json:"after,omitempty"`
	// Upload is the upload to the box at Home that is to be looked after.
	Upload string `json:"upload,omitempty"`
	// Event is to be told on, Letter to be sent.
	Event  *registry.Event  `json:"event,omitempty"`
	Letter *registry.Letter `json:"letter,omitempty"`
	// Delivery is to be attempted.
	Delivery *DueAttempt `json:"delivery,omitempty"`
	// Organization is to be cleared away, and so is what is left of Account.
	Organization *registry.Organization `json:"organization,omitempty"`
	Account      registry.ID            `json:"account,omitempty"`
	// Tries is how often it was tried and failed; At is when its time came.
	Tries int       `json:"tries,omitempty"`
	At    time.Time `json:"-"`
	// Held is until when somebody is at it, see Hold.
	Held time.Time `json:"held,omitzero"`

	key itemstore.Key
	rev int64
}

// DueKind says what is to be done.
type DueKind string

// The kinds of work.
const (
	DueBlobs        DueKind = "blobs"        // delete objects, and abort an upload
	DueBox          DueKind = "box"          // clear away what belonged to a box
	DueOrganization DueKind = "organization" // clear away what belonged to an organization
	DueAccount      DueKind = "account"      // clear away what belonged to an account
	DueCheck        DueKind = "check"        // see that an upload's verification came to an end
	DueEvent        DueKind = "event"        // tell on what happened
	DueLetter       DueKind = "letter"       // send a mail
	DueDelivery     DueKind = "delivery"     // send an event to a webhook
	DueBoxes        DueKind = "boxes"        // clear away boxes that were deleted all at once
	DueVersions     DueKind = "versions"     // clear away versions that were deleted all at once
	DueWatchers     DueKind = "watchers"     // write to who watches a box
	DueRecount      DueKind = "recount"      // sum up the downloads of a box
	DueFetch        DueKind = "fetch"        // fetch a file for a mirror
	DueIndex        DueKind = "index"        // bring up to date what an organization's boxes are found by
)

// Place tells a piece of work from all others.
func (d Due) Place() string { return d.key.Sort }

// SetRevision keeps the revision that Hold asks for.
func (d *Due) SetRevision(rev int64) { d.rev = rev }

func (c *Catalog) due(d Due, at time.Time) itemstore.Op {
	return itemstore.Put(item(dueKey(at, registry.NewID().String()), d), itemstore.Absent())
}

// dueFiles hands files to the janitor, in one operation for all of them. They can still be
// downloaded for a while, by links that were given out before.
func (c *Catalog) dueFiles(files []registry.File) []itemstore.Op {
	d := Due{Kind: DueBlobs}
	for _, f := range files {
		if !f.Elsewhere() {
			d.Blobs = append(d.Blobs, f.Blob)
			d.Bytes += f.Size
		}
	}
	if len(d.Blobs) == 0 {
		return nil
	}
	return []itemstore.Op{c.due(d, c.Now().Add(registry.LinkLife))}
}

// dueUpload takes the bytes of an upload away once it has expired.
func (c *Catalog) dueUpload(u registry.Upload) itemstore.Op {
	return itemstore.Put(item(dueKey(u.ExpiresAt, u.ID), uploadDue(u)), itemstore.Condition{})
}

// dueNow takes them away at once.
func (c *Catalog) dueNow(u registry.Upload) itemstore.Op { return c.due(uploadDue(u), c.Now()) }

func uploadDue(u registry.Upload) Due {
	return Due{Kind: DueBlobs, Blobs: []string{u.Blob}, BlobID: u.BlobID, PartSize: u.PartSize}
}

// Watch has the janitor look after an upload at the time given.
func (c *Catalog) Watch(ctx context.Context, u registry.Upload, at time.Time) error {
	return c.write(ctx, unheard, changed("the janitor's list"), c.dueCheck(u, at))
}

func (c *Catalog) dueCheck(u registry.Upload, at time.Time) itemstore.Op {
	return c.due(Due{Kind: DueCheck, Box: u.BoxID, Home: u.Home, Upload: u.ID}, at)
}

// Due lists work whose time has come, at most limit pieces of it, the oldest first.
func (c *Catalog) Due(ctx context.Context, limit int) ([]Due, error) {
	list, _, err := c.DueSince(ctx, c.Now(), "", limit)
	return list, err
}

// DueSince lists work that has been due since the time given or for longer, at most limit pieces of
// it behind the place `after`, the oldest first. next is the `after` of the following page, empty
// on the last one.
func (c *Catalog) DueSince(ctx context.Context, at time.Time, after string, limit int) (list []Due, next string, err error) {
	page, err := c.Store.Query(ctx, itemstore.Query{
		Partition: DuePartition, After: after, Until: dueTime(at) + "$", Limit: limit,
	})
	if err != nil {
		return nil, "", err
	}
	for _, item := range page.Items {
		d, err := readDue(item)
		if err != nil {
			return nil, "", err
		}
		list = append(list, d)
	}
	return list, page.Next, nil
}

// DueAt reads the piece of work at a place of the list. It is NotFound when there is none any more,
// and Invalid when there can be none.
func (c *Catalog) DueAt(ctx context.Context, place string) (Due, error) {
	if !duePlace.MatchString(place) {
		return Due{}, registry.Errorf(registry.Invalid, "%.100q is no place on the janitor's list", place)
	}
	items, err := c.Store.Get(ctx, itemstore.Key{Partition: DuePartition, Sort: place})
	if err != nil {
		return Due{}, err
	}
	if !items[0].Exists() {
		return Due{}, registry.Missing("piece of work")
	}
	return readDue(items[0])
}

func readDue(item itemstore.Item) (Due, error) {
	d, _, err := read[Due](item)
	d.key, d.At = item.Key, DueTime(item.Sort)
	return d, err
}

// Hold keeps a piece of work from others until the time given, by which who does it must be done. Not ok
// when somebody else is at it already or has done it.
func (c *Catalog) Hold(ctx context.Context, d Due, until time.Time) (ok bool, err error) {
	if c.Now().Before(d.Held) {
		return false, nil
	}
	d.Held = until
	err = c.Store.Write(ctx, itemstore.Put(item(d.key, d), itemstore.Rev(d.rev)))
	if _, overtaken := itemstore.FailedOp(err); overtaken {
		return false, nil
	}
	return err == nil, err
}

// Finish strikes work off the list, once: of two janitors that did the same, one counts.
func (c *Catalog) Finish(ctx context.Context, d Due) error {
	ops := []itemstore.Op{itemstore.Delete(d.key, itemstore.Exists())}
	for name, n := range d.counts() {
		ops = append(ops, count(name, n))
	}
	err := c.Store.Write(ctx, ops...)
	if _, done := itemstore.FailedOp(err); done {
		return nil
	}
	return err
}

// Postpone puts work that could not be done back on the list, for later: it must not stand in the
// way of the rest. Work that another has struck off or put back meanwhile is left to him.
func (c *Catalog) Postpone(ctx context.Context, d Due, until time.Time) error {
	d.Tries++
	d.Held = time.Time{}
	err := c.Store.Write(ctx, itemstore.Delete(d.key, itemstore.Exists()), c.due(d, until))
	if op, failed := itemstore.FailedOp(err); failed && op == 0 {
		return nil
	}
	return err
}

// Send hands a letter to the janitor by itself; most are part of the write that causes them.
func (c *Catalog) Send(ctx context.Context, l registry.Letter) error {
	return c.write(ctx, unheard, changed("the janitor's list"), c.dueLetter(l))
}

func (c *Catalog) dueLetter(l registry.Letter) itemstore.Op {
	l.At = c.Now()
	return c.due(Due{Kind: DueLetter, Letter: &l}, c.Now())
}
