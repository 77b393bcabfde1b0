package boxfile

import (
	"archive/tar"
	"bufio"
	"errors"
	"io"
)

// readTar inspects the tar archive, compressed or not, that begins with head and is read from raw;
// raw in turn reads src.
func readTar(head []byte, raw io.Reader, src *source, b bounds) (Contents, error) {
	c := codecOf(head)
	if c == nil {
		return scanTar(raw, "tar", noArchive(head, nil))
	}
	decoder, err := c.open(bufio.NewReaderSize(raw, readAhead))
	if err != nil {
		return Contents{}, err
	}
	return scanTar(&expansion{decoder: decoder, src: src, bounds: b}, "tar+"+c.name, noArchive(head, c))
}

// scanTar goes through the entries up to metadata.json. notTar is the error when not even the
// first header is one.
func scanTar(r io.Reader, format string, notTar note) (Contents, error) {
	var c Contents
	var l listing
	tr := tar.NewReader(r)
	for {
		hdr, err := tr.Next()
		switch {
		case c.Format == "" && isNoTar(err):
			return c, notTar
		case err == io.EOF:
			return l.withoutMetadata(c)
		case err != nil:
			return c, err
		}
		c.Format = format
		// The name of a global header names no file; POSIX even proposes an absolute path.
		if hdr.Typeflag == tar.TypeXGlobalHeader {
			continue
		}
		if err := checkLink(hdr); err != nil {
			return c, err
		}
		found, err := l.add(hdr.Name, isRegular(hdr))
		if err != nil {
			return c, err
		}
		if found {
			return readMetadata(tr, c)
		}
	}
}

// isNoTar reports whether the error is that of a first header that is none. An all-zero file
// reads as the end of an archive.
func isNoTar(err error) bool {
	return errors.Is(err, tar.ErrHeader) || err == io.EOF || err == io.ErrUnexpectedEOF
}

func isRegular(hdr *tar.Header) bool {
	switch hdr.Typeflag {
	case tar.TypeReg, tar.TypeCont, tar.TypeGNUSparse:
		return true
	}
	return false
}
