package boxfile

import (
	"fmt"
	"io"
)

// source counts what is read from the file, and remembers why reading stopped: that tells a file
// that cannot be read from one that is damaged. Errors stay, for decoders that try again.
type source struct {
	r   io.Reader
	n   int64
	err error
}

func (s *source) Read(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.r.Read(p)
	s.n += int64(n)
	s.err = err
	return n, err
}

// Seek is for files on disk, which are read without a buffer in front.
func (s *source) Seek(offset int64, whence int) (int64, error) {
	if s.err == io.EOF {
		s.err = nil
	}
	return s.r.(io.Seeker).Seek(offset, whence)
}

// failure is the error that reading the file ended with, nil at its end.
func (s *source) failure() error {
	if s.err == io.EOF {
		return nil
	}
	return s.err
}

// expansion holds a decoder to the bounds.
type expansion struct {
	decoder io.Reader
	src     *source
	bounds
	n int64 // bytes decompressed
}

func (e *expansion) Read(p []byte) (int, error) {
	n, err := e.decoder.Read(p)
	e.n += int64(n)
	switch {
	case e.n > e.ratioFrom && e.n > e.ratio*e.src.n:
		return n, &Refused{Reason: fmt.Sprintf("a decompression bomb: %d bytes decompress to more than %d", e.src.n, e.n)}
	case e.n > e.expanded:
		return n, errTooFar
	case err == io.ErrUnexpectedEOF:
		return n, errCut
	}
	return n, err
}
