package boxfile

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// The zip archive is read here, not by archive/zip, because that holds all entries in memory and
// sets aside 8 bytes for each one the archive only claims to have: gigabytes, for a large upload.
//
// Format: pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, §4.3.
const (
	zipLocalMagic     = "PK\x03\x04"
	zipDirectoryMagic = "PK\x01\x02"
	zipEndMagic       = "PK\x05\x06"
	zip64EndMagic     = "PK\x06\x06"
	zip64LocatorMagic = "PK\x06\x07"

	zipLocalLen     = 30
	zipDirectoryLen = 46
	zipEndLen       = 22
	zip64EndLen     = 56
	zip64LocatorLen = 20

	// Values that mean that the real one is in a zip64 record.
	zip64Offset = 1<<32 - 1
)

var (
	errZip = errors.New("not as the zip format has it")
	le     = binary.LittleEndian
)

// openZipDirectory returns the table of contents.
func openZipDirectory(r io.ReadSeeker) (*bufio.Reader, error) {
	total, err := r.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	offset, size, err := findZipDirectory(r, total)
	switch {
	case err != nil:
		return nil, err
	case size > uint64(total) || offset > uint64(total)-size:
		return nil, errZip
	case size > maxZipDirectory:
		return nil, note("The table of contents of the zip archive is larger than 16 MiB.")
	}
	_, err = r.Seek(int64(offset), io.SeekStart)
	return bufio.NewReaderSize(io.LimitReader(r, int64(size)), readAhead), err
}

// findZipDirectory reads the end of the archive of total bytes for where its table of contents is.
func findZipDirectory(r io.ReadSeeker, total int64) (offset, size uint64, err error) {
	const maxComment = 1<<16 - 1
	tail := make([]byte, min(total, zip64LocatorLen+zipEndLen+maxComment))
	if err := readAt(r, total-int64(len(tail)), tail); err != nil {
		return 0, 0, err
	}
	at := findZipEnd(tail)
	if at < 0 {
		return 0, 0, errCut
	}
	size, offset = uint64(le.Uint32(tail[at+12:])), uint64(le.Uint32(tail[at+16:]))
	if size != zip64Offset && offset != zip64Offset {
		return offset, size, nil
	}
	return findZip64Directory(r, tail[:at])
}

// findZipEnd returns where the end record begins, -1 when it is missing. A comment, which may hold
// anything, fills what is behind it.
func findZipEnd(tail []byte) int {
	for at := len(tail) - zipEndLen; at >= 0; at-- {
		if bytes.HasPrefix(tail[at:], []byte(zipEndMagic)) &&
			int(le.Uint16(tail[at+20:])) == len(tail)-at-zipEndLen {
			return at
		}
	}
	return -1
}

// findZip64Directory follows the locator that is last in before.
func findZip64Directory(r io.ReadSeeker, before []byte) (offset, size uint64, err error) {
	if len(before) < zip64LocatorLen {
		return 0, 0, errZip
	}
	locator := before[len(before)-zip64LocatorLen:]
	at := le.Uint64(locator[8:])
	if !bytes.HasPrefix(locator, []byte(zip64LocatorMagic)) || int64(at) < 0 {
		return 0, 0, errZip
	}
	end := make([]byte, zip64EndLen)
	if err := readAt(r, int64(at), end); err != nil {
		return 0, 0, err
	}
	if !bytes.HasPrefix(end, []byte(zip64EndMagic)) {
		return 0, 0, errZip
	}
	return le.Uint64(end[48:]), le.Uint64(end[40:]), nil
}

func readAt(r io.ReadSeeker, offset int64, p []byte) error {
	if _, err := r.Seek(offset, io.SeekStart); err != nil {
		return err
	}
	_, err := io.ReadFull(r, p)
	return err
}
