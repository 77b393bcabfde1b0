package boxfile

import (
	"bufio"
	"bytes"
	"fmt"
	"io"

	"github.com/klauspost/compress/flate"
)

// readZip inspects a zip archive. All its names are checked.
func readZip(r io.ReadSeeker) (Contents, error) {
	c := Contents{Format: zipFormat}
	directory, err := openZipDirectory(r)
	if err != nil {
		return c, err
	}
	var l listing
	var metadata *zipEntry
	for {
		e, err := nextZipEntry(directory)
		if err == io.EOF {
			break
		}
		if err != nil {
			return c, err
		}
		found, err := l.add(e.name, e.isRegular())
		if err != nil {
			return c, err
		}
		if found && metadata == nil {
			metadata = e
		}
	}
	if metadata == nil {
		return l.withoutMetadata(c)
	}
	body, err := metadata.open(r)
	if err != nil {
		return c, err
	}
	return readMetadata(body, c)
}

// isRegular is false for folders, and for links and the like, which only Unix systems write.
func (e *zipEntry) isRegular() bool {
	if e.name == "" || e.name[len(e.name)-1] == '/' {
		return false
	}
	const unix, macOS = 3, 19
	const typeMask, regular = 0o170000, 0o100000
	mode := e.attributes >> 16 & typeMask
	return e.madeBy != unix && e.madeBy != macOS || mode == 0 || mode == regular
}

// open returns the bytes of the entry.
func (e *zipEntry) open(r io.ReadSeeker) (io.Reader, error) {
	const encrypted = 1
	const stored, deflated = 0, 8
	switch {
	case e.flags&encrypted != 0:
		return nil, note("metadata.json is encrypted.")
	case e.method != stored && e.method != deflated:
		return nil, note(fmt.Sprintf("metadata.json is compressed with method %d of zip, which is not looked through.", e.method))
	}
	data, err := e.openRaw(r)
	if err != nil || e.method == stored {
		return data, err
	}
	return flate.NewReader(data), nil
}

// openRaw finds the data behind the local header, whose names may have other lengths.
func (e *zipEntry) openRaw(r io.ReadSeeker) (io.Reader, error) {
	if int64(e.offset) < 0 {
		return nil, errZip
	}
	if _, err := r.Seek(int64(e.offset), io.SeekStart); err != nil {
		return nil, err
	}
	buffered := bufio.NewReaderSize(r, readAhead)
	var h [zipLocalLen]byte
	if _, err := io.ReadFull(buffered, h[:]); err != nil {
		return nil, err
	}
	if !bytes.HasPrefix(h[:], []byte(zipLocalMagic)) {
		return nil, errZip
	}
	if _, err := buffered.Discard(int(le.Uint16(h[26:])) + int(le.Uint16(h[28:]))); err != nil {
		return nil, err
	}
	return io.LimitReader(buffered, int64(min(e.size, 2*MaxMetadata))), nil
}
