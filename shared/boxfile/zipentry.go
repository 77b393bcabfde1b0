package boxfile

import (
	"bufio"
	"bytes"
	"io"
)

// zipEntry is what the table of contents says of one file.
type zipEntry struct {
	name       string
	madeBy     byte // the system
	flags      uint16
	method     uint16
	attributes uint32 // as that system has them
	size       uint64 // compressed
	offset     uint64 // of the local header
}

// nextZipEntry reads an entry; io.EOF when there is none left.
func nextZipEntry(r *bufio.Reader) (*zipEntry, error) {
	var h [zipDirectoryLen]byte
	if _, err := io.ReadFull(r, h[:]); err != nil {
		return nil, err
	}
	if !bytes.HasPrefix(h[:], []byte(zipDirectoryMagic)) {
		return nil, errZip
	}
	nameLen, extraLen, commentLen := int(le.Uint16(h[28:])), int(le.Uint16(h[30:])), int(le.Uint16(h[32:]))
	names := make([]byte, nameLen+extraLen)
	if _, err := io.ReadFull(r, names); err != nil {
		return nil, whole(err)
	}
	if _, err := r.Discard(commentLen); err != nil {
		return nil, whole(err)
	}
	e := &zipEntry{
		name:       string(names[:nameLen]),
		madeBy:     h[5],
		flags:      le.Uint16(h[8:]),
		method:     le.Uint16(h[10:]),
		size:       uint64(le.Uint32(h[20:])),
		offset:     uint64(le.Uint32(h[42:])),
		attributes: le.Uint32(h[38:]),
	}
	if e.offset == zip64Offset {
		e.offset = zip64EntryOffset(names[nameLen:], h[:])
	}
	return e, nil
}

// zip64EntryOffset finds the offset of a local header in the extra fields. It stands behind the
// two sizes, each of which is there only if the header has no room for it.
func zip64EntryOffset(extra, header []byte) uint64 {
	const zip64Extra = 1
	before := 0
	for _, at := range []int{20, 24} {
		if le.Uint32(header[at:]) == zip64Offset {
			before += 8
		}
	}
	for len(extra) >= 4 {
		id, size := le.Uint16(extra), int(le.Uint16(extra[2:]))
		extra = extra[4:]
		if id == zip64Extra && size >= before+8 && len(extra) >= before+8 {
			return le.Uint64(extra[before:])
		}
		extra = extra[min(size, len(extra)):]
	}
	return zip64Offset
}
