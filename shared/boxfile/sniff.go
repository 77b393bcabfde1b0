package boxfile

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"io"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

const (
	sniffLen  = 16 // bytes that tell every format here but plain tar, which is tried
	zipFormat = "zip"
)

// codec is a compression that bsdtar sees through.
type codec struct {
	name  string
	magic string // '?' stands for any byte
	open  func(*bufio.Reader) (io.Reader, error)
}

// The block magic belongs to bzip2's, as a tar may begin with a file named BZh….
// pzstd begins with a skippable frame (RFC 8878 §3.1.2).
var codecs = []codec{
	{"gzip", "\x1f\x8b\x08", openGzip},
	{"bzip2", "BZh?1AY&SY", openBzip2},
	{"xz", xzMagic, openXZ},
	{"zstd", "\x28\xb5\x2f\xfd", openZstd},
	{"zstd", "\x50\x2a\x4d\x18", openZstd},
}

// codecOf returns the compression of a file that begins with head, nil when there is none.
func codecOf(head []byte) *codec {
	for i := range codecs {
		if codecs[i].matches(head) {
			return &codecs[i]
		}
	}
	return nil
}

func (c *codec) matches(head []byte) bool {
	if len(head) < len(c.magic) {
		return false
	}
	for i, b := range []byte(c.magic) {
		if b != '?' && b != head[i] {
			return false
		}
	}
	return true
}

// isZip knows a first entry and, for an empty zip, the end record.
func isZip(head []byte) bool {
	return bytes.HasPrefix(head, []byte(zipLocalMagic)) || bytes.HasPrefix(head, []byte(zipEndMagic))
}

func openGzip(r *bufio.Reader) (io.Reader, error) { return gzip.NewReader(r) }

func openBzip2(r *bufio.Reader) (io.Reader, error) { return bzip2.NewReader(r), nil }

// openZstd decodes on the calling goroutine, so that there is none to end and no queue to hold.
func openZstd(r *bufio.Reader) (io.Reader, error) {
	return zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxWindow(MaxWindow))
}

// noArchive says what bytes are that hold no archive.
func noArchive(head []byte, c *codec) note {
	switch {
	case len(head) == 0:
		return "The file is empty."
	case c != nil:
		return note(strings.ToUpper(c.name[:1]) + c.name[1:] + " data, but no tar archive in it.")
	default:
		return "The file is no archive that Vagrant unpacks (tar or zip)."
	}
}
