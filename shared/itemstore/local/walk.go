package local

import (
	"bytes"

	"go.etcd.io/bbolt"

	"github.com/boxvault/boxvault/shared/itemstore"
)

// walk goes through the places from low (inclusive) to high (exclusive), or back.
type walk struct {
	cursor    *bbolt.Cursor
	low, high []byte
	reverse   bool
}

func newWalk(cursor *bbolt.Cursor, q itemstore.Query) *walk {
	w := &walk{cursor: cursor, low: itemKey(q.Partition, q.Prefix), reverse: q.Reverse}
	w.high = behind(w.low)
	if q.Until != "" {
		w.high = lower(w.high, itemKey(q.Partition, q.Until))
	}
	switch after := itemKey(q.Partition, q.After); {
	case q.After == "":
	case q.Reverse:
		w.high = lower(w.high, after)
	default:
		// No place holds a zero byte, so nothing lies between a place and itself with one.
		w.low = higher(w.low, append(after, 0))
	}
	return w
}

// behind is the first place in the file behind all that begin with prefix. The last byte of a
// prefix is one of UTF-8 text or the zero after the partition, so it can always be raised.
func behind(prefix []byte) []byte {
	end := bytes.Clone(prefix)
	end[len(end)-1]++
	return end
}

func lower(a, b []byte) []byte {
	if bytes.Compare(a, b) <= 0 {
		return a
	}
	return b
}

func higher(a, b []byte) []byte {
	if bytes.Compare(a, b) >= 0 {
		return a
	}
	return b
}

func (w *walk) first() (key, value []byte) {
	if !w.reverse {
		return w.within(w.cursor.Seek(w.low))
	}
	if key, _ := w.cursor.Seek(w.high); key == nil {
		return w.within(w.cursor.Last())
	}
	return w.within(w.cursor.Prev())
}

func (w *walk) next() (key, value []byte) {
	if w.reverse {
		return w.within(w.cursor.Prev())
	}
	return w.within(w.cursor.Next())
}

// within ends the walk at its far end.
func (w *walk) within(key, value []byte) ([]byte, []byte) {
	if bytes.Compare(key, w.low) < 0 || bytes.Compare(key, w.high) >= 0 {
		return nil, nil
	}
	return key, value
}
