package local

import (
	"context"
	"fmt"
	"time"

	"go.etcd.io/bbolt"

	"github.com/boxvault/boxvault/shared/itemstore"
)

// Get answers from one snapshot of the file.
func (s *Store) Get(ctx context.Context, keys ...itemstore.Key) ([]itemstore.Item, error) {
	if err := itemstore.ValidateGet(keys); err != nil {
		return nil, err
	}
	items := make([]itemstore.Item, len(keys))
	err := s.view(ctx, func(bucket *bbolt.Bucket) error {
		now := s.now()
		for i, key := range keys {
			r, err := decodeRecord(bucket.Get(itemKey(key.Partition, key.Sort)))
			if err != nil {
				return err
			}
			items[i].Key = key
			if !r.expiry.Passed(now) {
				items[i] = r.item(key)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return items, nil
}

// maxPage is how many bytes of records a Query reads before it ends the page, as DynamoDB does.
const maxPage = 1 << 20

// Query answers from one snapshot of the file.
func (s *Store) Query(ctx context.Context, q itemstore.Query) (itemstore.Page, error) {
	if err := q.Validate(); err != nil {
		return itemstore.Page{}, err
	}
	var page itemstore.Page
	err := s.view(ctx, func(bucket *bbolt.Bucket) (err error) {
		page, err = readPage(newWalk(bucket.Cursor(), q), q, s.now())
		return err
	})
	return page, err
}

// view runs read on the items as of the latest commit.
func (s *Store) view(ctx context.Context, read func(*bbolt.Bucket) error) error {
	err := ctx.Err()
	if err == nil {
		err = s.db.View(func(tx *bbolt.Tx) error { return read(tx.Bucket(bucketItems)) })
	}
	if err != nil {
		return fmt.Errorf("read records: %w", err)
	}
	return nil
}

// readPage reads items until the walk is over or the page full. Expired ones count for the size
// of a page, so that a page is bounded work.
func readPage(w *walk, q itemstore.Query, now time.Time) (itemstore.Page, error) {
	var page itemstore.Page
	var last string
	size := 0
	for key, value := w.first(); key != nil; key, value = w.next() {
		if size >= maxPage || q.Limit > 0 && len(page.Items) == q.Limit {
			page.Next = last
			break
		}
		r, err := decodeRecord(value)
		if err != nil {
			return itemstore.Page{}, err
		}
		last = string(key[len(q.Partition)+1:])
		size += len(key) + len(value)
		if !r.expiry.Passed(now) {
			page.Items = append(page.Items, r.item(itemstore.Key{Partition: q.Partition, Sort: last}))
		}
	}
	return page, nil
}
