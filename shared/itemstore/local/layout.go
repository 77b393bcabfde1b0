package local

import (
	"encoding/binary"
	"errors"

	"github.com/boxvault/boxvault/shared/itemstore"
)

// The file is a bbolt database of three buckets.
//
//	items    partition 00 sort             → rev, count, expiry, document
//	expires  expiry partition 00 sort      → nothing
//	layout   "version"                     → layoutVersion
//
// rev, count and expiry are 8 bytes each, big-endian; the document is what follows. Neither part
// of a key holds a zero byte, so the first one ends the partition, and the order of the file is
// the order of the port: by partition, then by place, both by their bytes. An item that expires
// has one entry in expires, which sorts by time. The sequence of the items bucket gives the
// revisions; it only ever grows, so that no revision comes twice.
var (
	bucketItems   = []byte("items")
	bucketExpires = []byte("expires")
	bucketLayout  = []byte("layout")
	keyVersion    = []byte("version")
)

// layoutVersion changes with the layout above, so that a file is not misread.
const layoutVersion = "1"

const (
	recordHeader = 24 // rev, count and expiry
	expirySize   = 8
)

// record is an item as it lies in the file. doc is part of the file's memory map: it may not be
// changed, nor used after the transaction.
type record struct {
	rev    int64
	count  int64
	expiry itemstore.Expiry
	doc    []byte
}

func (r record) encode() []byte {
	value := make([]byte, 0, recordHeader+len(r.doc))
	value = binary.BigEndian.AppendUint64(value, uint64(r.rev))
	value = binary.BigEndian.AppendUint64(value, uint64(r.count))
	value = binary.BigEndian.AppendUint64(value, uint64(r.expiry))
	return append(value, r.doc...)
}

var errDamaged = errors.New("the file is damaged: a record is shorter than its header")

// decodeRecord reads a value of the items bucket; nil is the record of an absent item.
func decodeRecord(value []byte) (record, error) {
	if value == nil {
		return record{}, nil
	}
	if len(value) < recordHeader {
		return record{}, errDamaged
	}
	return record{
		rev:    int64(binary.BigEndian.Uint64(value)),
		count:  int64(binary.BigEndian.Uint64(value[8:])),
		expiry: itemstore.Expiry(binary.BigEndian.Uint64(value[16:])),
		doc:    value[recordHeader:],
	}, nil
}

// item copies the record out of the file.
func (r record) item(key itemstore.Key) itemstore.Item {
	return itemstore.Item{
		Key:     key,
		Doc:     append([]byte(nil), r.doc...),
		Rev:     r.rev,
		Count:   r.count,
		Expires: r.expiry.Time(),
	}
}

// itemKey is the place of an item in the file. With an empty sort it is where the partition
// begins.
func itemKey(partition, sort string) []byte { return []byte(partition + "\x00" + sort) }

// expiryKey is the entry that an expiring item has in the expires bucket.
func expiryKey(e itemstore.Expiry, item []byte) []byte {
	return append(binary.BigEndian.AppendUint64(nil, uint64(e)), item...)
}

// splitExpiryKey is the inverse of expiryKey.
func splitExpiryKey(entry []byte) (e itemstore.Expiry, item []byte) {
	return itemstore.Expiry(binary.BigEndian.Uint64(entry)), entry[expirySize:]
}
