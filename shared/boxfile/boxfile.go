// Package boxfile looks into a Vagrant box file and tells what it is: the archive format, and the
// provider and architecture that its metadata.json names.
//
// Vagrant unpacks a box with bsdtar: a tar archive, plain or compressed, or a zip archive, with
// metadata.json at the top. Tar archives are read as they stream by, in constant memory, up to
// metadata.json and no further; what lies behind it is neither decompressed nor judged. A zip
// archive is read by its table of contents, which is at its end and lists every entry.
//
// An archive that would write outside the folder it is unpacked in, or that is a decompression
// bomb, is refused: the error is a *Refused. Whatever else cannot be told (bytes that are no
// archive, a damaged archive, an archive without metadata.json) is Unrecognized, with a Note that
// says why, and is no error.
//
// Memory does not depend on the size of the file. An inspection holds less than 1 MiB for plain and
// gzip, 5 MiB for bzip2, and for xz and zstd 2 MiB beside the window that the archive asks for,
// MaxWindow at most. The worst that headers and metadata.json may be adds 10 MiB, for a moment.
package boxfile

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

// Kind says whether a file is a box.
type Kind string

// The kinds of files. The words are those of the API ("contents").
const (
	// Box is an archive that names its provider.
	Box Kind = "box"
	// Unrecognized is anything else: bytes that are no archive, or an archive without a usable
	// metadata.json.
	Unrecognized Kind = "unrecognized"
)

// Contents is what a box file turned out to be.
type Contents struct {
	Kind Kind
	// Format is "tar", "tar+gzip", "tar+bzip2", "tar+xz", "tar+zstd" or "zip"; empty when the file
	// is none of these.
	Format string
	// Provider is what metadata.json says, as written..
	Provider string
	// Architecture is what metadata.json says, in lower case; empty when it says nothing, as boxes
	// made before Vagrant 2.4 do.
	Architecture string
	// Note is a sentence for people: why the file is not recognized, or a warning about a box.
	Note string
}

// Refused is the error for a file that must not be published: a hostile archive.
type Refused struct {
	Reason string // for people; names the entry that is to blame, where there is one
}

func (e *Refused) Error() string { return "box file refused: " + e.Reason }

// ErrNeedsReaderAt is returned for a zip archive that streams by. Its table of contents comes
// last: store the bytes, then call InspectAt.
var ErrNeedsReaderAt = errors.New("a zip archive can only be looked into as a whole, not as it streams by")

// Inspect tells what the box file is that r reads. It stops reading when it knows. The error is
// ErrNeedsReaderAt, a *Refused, or r's own; the Contents are empty then.
func Inspect(r io.Reader) (Contents, error) {
	return inspect(r, standard)
}

func inspect(r io.Reader, b bounds) (Contents, error) {
	src := &source{r: r}
	buffered := bufio.NewReaderSize(src, readAhead)
	head, _ := buffered.Peek(sniffLen) // an error comes again with the next read
	if isZip(head) {
		return Contents{}, ErrNeedsReaderAt
	}
	c, err := readTar(head, buffered, src, b)
	return conclude(c, err, src)
}

// InspectAt tells what the box file of size bytes is. It skips over what it need not read: zip
// archives cost four or five reads, plain tar archives one per entry, compressed ones are read in
// order. The error is a *Refused or r's own.
func InspectAt(r io.ReaderAt, size int64) (Contents, error) {
	file := io.NewSectionReader(r, 0, size)
	head := make([]byte, sniffLen)
	n, err := file.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return Contents{}, fmt.Errorf("read box file: %w", err)
	}
	src := &source{r: file}
	var c Contents
	if isZip(head[:n]) {
		c, err = readZip(src)
	} else {
		c, err = readTar(head[:n], src, src, standard)
	}
	return conclude(c, err, src)
}

// conclude turns what stopped an inspection into its result: only a hostile archive and a source
// that cannot be read are errors, all else is said in the note.
func conclude(c Contents, err error, src *source) (Contents, error) {
	var refused *Refused
	switch {
	case err == nil:
		return c, nil
	case errors.As(err, &refused):
		return Contents{}, refused
	case src.failure() != nil:
		return Contents{}, fmt.Errorf("read box file: %w", src.failure())
	}
	c.Kind, c.Note = Unrecognized, explain(err)
	return c, nil
}

// note is an error for a file that is not recognized; its text is the Note.
type note string

func (n note) Error() string { return string(n) }

const errCut = note("The archive ends too early: it looks cut off.")

func explain(err error) string {
	var n note
	switch {
	case errors.As(err, &n):
		return string(n)
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return string(errWindow)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return string(errCut)
	default:
		return fmt.Sprintf("The archive is damaged (%v).", err)
	}
}
