package boxfile

import (
	"errors"
	"fmt"
	"io"
)

// Decompressing is what takes longest on an upload's way. It has a goroutine of its own, so that
// hashing and storing go on meanwhile, and may fall behind by this much.
const (
	pieceSize  = 128 << 10 // bytes
	pieceCount = 4
)

var errAbandoned = errors.New("the inspection was closed before the end")

// Inspector is Inspect for bytes that are pushed: an io.Writer for an upload to be copied to.
// End it with Result or Close. Its methods are for one goroutine.
type Inspector struct {
	free, full chan []byte // the pieces go round
	piece      []byte      // being filled
	ended      bool
	end        error // what comes after the last piece; set before full is closed

	known    chan struct{} // closed when the two below are set
	contents Contents
	err      error
}

// NewInspector starts an inspection.
func NewInspector() *Inspector { return newInspector(Inspect) }

func newInspector(inspect func(io.Reader) (Contents, error)) *Inspector {
	in := &Inspector{
		free:  make(chan []byte, pieceCount),
		full:  make(chan []byte, pieceCount),
		known: make(chan struct{}),
	}
	for range pieceCount {
		in.free <- nil // made when first needed: most files are small, or no archive
	}
	go in.run(inspect)
	return in
}

func (in *Inspector) run(inspect func(io.Reader) (Contents, error)) {
	defer close(in.known)
	// A decoder that panics on hostile bytes must fail one upload, not end the whole registry, as
	// it would on this goroutine.
	defer func() {
		if p := recover(); p != nil {
			in.contents, in.err = Contents{}, fmt.Errorf("inspect box file: panic: %v", p)
		}
	}()
	in.contents, in.err = inspect(&pieceReader{in: in})
}

// Write takes the next bytes of the file and never fails: what is wrong with them Result tells. It
// waits while the inspection is four pieces behind. Once Done it drops what it is given.
func (in *Inspector) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 && in.hasRoom() {
		filled := len(in.piece)
		k := copy(in.piece[filled:cap(in.piece)], p)
		in.piece, p = in.piece[:filled+k], p[k:]
		if len(in.piece) == cap(in.piece) {
			in.full <- in.piece // has room for all pieces
			in.piece = nil
		}
	}
	return n, nil
}

// hasRoom waits for a piece to fill; false when no more bytes are wanted.
func (in *Inspector) hasRoom() bool {
	if in.ended || in.Done() {
		return false
	}
	if in.piece != nil {
		return true
	}
	select {
	case in.piece = <-in.free:
	case <-in.known:
		return false
	}
	if in.piece == nil {
		in.piece = make([]byte, 0, pieceSize)
	}
	return true
}

// Done reports whether the result is known, so that further bytes need not be written.
func (in *Inspector) Done() bool {
	select {
	case <-in.known:
		return true
	default:
		return false
	}
}

// Result says that all bytes were written, waits for the inspection to end and returns what
// Inspect does. It may be called again.
func (in *Inspector) Result() (Contents, error) {
	if !in.ended && len(in.piece) > 0 {
		in.full <- in.piece
	}
	in.finish(io.EOF)
	<-in.known
	return in.contents, in.err
}

// Close abandons the inspection of an upload that broke off. After Result it does nothing; no
// error is returned.
func (in *Inspector) Close() error {
	in.finish(errAbandoned)
	return nil
}

func (in *Inspector) finish(end error) {
	if in.ended {
		return
	}
	in.ended, in.piece = true, nil
	in.end = end
	close(in.full)
}

// pieceReader is the side of the inspection.
type pieceReader struct {
	in          *Inspector
	piece, rest []byte
}

func (r *pieceReader) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		if r.piece != nil {
			r.in.free <- r.piece[:0]
		}
		var open bool
		if r.piece, open = <-r.in.full; !open {
			return 0, r.in.end
		}
		r.rest = r.piece
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}
