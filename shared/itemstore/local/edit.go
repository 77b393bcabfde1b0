package local

import (
	"bytes"
	"cmp"
	"time"

	"go.etcd.io/bbolt"

	"github.com/boxvault/boxvault/shared/itemstore"
)

// edit is the change that one transaction makes to the file.
type edit struct {
	items, expires *bbolt.Bucket
	now            time.Time
	changed        bool
}

func newEdit(tx *bbolt.Tx, now time.Time) *edit {
	return &edit{items: tx.Bucket(bucketItems), expires: tx.Bucket(bucketExpires), now: now}
}

// do does the operations of one Write, or none of them when the error is a ConditionError.
func (e *edit) do(ops []itemstore.Op) error {
	stored := make([]record, len(ops))
	for i, op := range ops {
		var err error
		if stored[i], err = e.read(op.Item.Key); err != nil {
			return err
		}
		if !op.If.Holds(e.live(stored[i]).rev) {
			return &itemstore.ConditionError{Op: i, Key: op.Item.Key}
		}
	}
	for i, op := range ops {
		if err := e.apply(op, stored[i]); err != nil {
			return err
		}
	}
	return nil
}

func (e *edit) read(key itemstore.Key) (record, error) {
	return decodeRecord(e.items.Get(itemKey(key.Partition, key.Sort)))
}

// live is the record as the port shows it: that of an absent item once it has expired.
func (e *edit) live(r record) record {
	if r.expiry.Passed(e.now) {
		return record{}
	}
	return r
}

func (e *edit) apply(op itemstore.Op, stored record) error {
	key := itemKey(op.Item.Partition, op.Item.Sort)
	switch op.Verb {
	case itemstore.VerbPut:
		return e.put(key, stored, record{rev: op.Rev, expiry: itemstore.ExpiryOf(op.Item.Expires), doc: op.Item.Doc})
	case itemstore.VerbAdd:
		next := e.live(stored)
		next.count += op.Item.Count
		next.expiry = cmp.Or(next.expiry, itemstore.ExpiryOf(op.Item.Expires))
		return e.put(key, stored, next)
	case itemstore.VerbDelete:
		if stored.rev != 0 {
			return e.remove(key, stored.expiry)
		}
	}
	return nil
}

// put replaces stored, which may be absent, by next. Without a revision next is given a new one.
func (e *edit) put(key []byte, stored, next record) error {
	next.rev = cmp.Or(next.rev, itemstore.NewRev())
	e.changed = true
	if err := e.reindex(key, stored.expiry, next.expiry); err != nil {
		return err
	}
	return e.items.Put(key, next.encode())
}

func (e *edit) remove(key []byte, expiry itemstore.Expiry) error {
	e.changed = true
	if err := e.reindex(key, expiry, 0); err != nil {
		return err
	}
	return e.items.Delete(key)
}

// reindex moves the item's entry among those that expire.
func (e *edit) reindex(key []byte, was, is itemstore.Expiry) error {
	if was == is {
		return nil
	}
	if was != 0 {
		if err := e.expires.Delete(expiryKey(was, key)); err != nil {
			return err
		}
	}
	if is != 0 {
		return e.expires.Put(expiryKey(is, key), nil)
	}
	return nil
}

// dropExpired removes up to limit items that have expired, the longest gone first, and returns
// how many it was.
func (e *edit) dropExpired(limit int) (dropped int, err error) {
	for dropped < limit {
		entry, _ := e.expires.Cursor().First()
		if entry == nil {
			return dropped, nil
		}
		expiry, key := splitExpiryKey(bytes.Clone(entry))
		if !expiry.Passed(e.now) {
			return dropped, nil
		}
		if err := e.remove(key, expiry); err != nil {
			return dropped, err
		}
		dropped++
	}
	return dropped, nil
}
