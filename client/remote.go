package client

import (
	"context"
	"io"
	"net/http"
)

// Remote is a file somewhere on the web.
type Remote struct {
	// Link tells the URL of the file, for a reader that begins at a byte. It is asked again when the URL
	// is refused: signed ones expire.
	Link func(ctx context.Context, from int64) (string, error)
	// Size in bytes; -1 when it is not known beforehand.
	Size int64
	// WithToken sends the client's token along when the URL is at the client's own registry, and nowhere
	// else. Signed URLs need none.
	WithToken bool
}

// Open begins to read a file at a byte. The Reader survives cuts and expired URLs; when it gives up,
// its error says so.
func (c *Client) Open(ctx context.Context, file Remote, from int64) (*Reader, error) {
	r := &Reader{c: c, ctx: ctx, file: file, offset: from, size: file.Size}
	err := r.persist(func(ctx context.Context) error { return r.connect(ctx) })
	return r, err
}

// Reader reads a Remote. Where the other side knows ranges, what was read is not fetched again.
type Reader struct {
	c    *Client
	ctx  context.Context
	file Remote

	offset int64
	size   int64  // -1 while it is not known
	url    string // empty when there is none, or it was refused
	// version is the file's ETag or date: bytes of two files are not to be mixed.
	version string
	refused int    // URLs, one after the other
	wrong   string // the URL at which there is nothing, or not for us: lost says so
	lost    error
	came    bool // something has
	body    *body
}

// body is one answer of the other side.
type body struct {
	io.ReadCloser
	req   *http.Request
	watch *watch
}

// Size is the whole file's, in bytes; -1 as long as the other side did not tell.
func (r *Reader) Size() int64 { return r.size }

// Close lets go of the connection.
func (r *Reader) Close() error {
	if r.body != nil {
		r.body.Close() // what it says does not matter: nobody wants the rest
		r.body.watch.stop()
		r.body = nil
	}
	return nil
}

func (r *Reader) Read(p []byte) (n int, err error) {
	err = r.persist(func(ctx context.Context) (err error) {
		n, err = r.read(ctx, p)
		return err
	})
	return n, err
}

// persist holds out as long as a transfer does once something has come; a host that is not there at all
// is given up sooner.
func (r *Reader) persist(try func(context.Context) error) error {
	attempts := callAttempts
	if r.came {
		attempts = transferAttempts
	}
	return r.c.persist(r.ctx, attempts, try)
}

func (r *Reader) read(ctx context.Context, p []byte) (int, error) {
	if r.size >= 0 {
		p = p[:min(int64(len(p)), r.size-r.offset)]
		if r.offset == r.size {
			return 0, io.EOF
		}
	}
	if r.body == nil {
		if err := r.connect(ctx); err != nil {
			return 0, err
		}
	}
	r.body.watch.alive()
	n, err := r.body.Read(p)
	r.body.watch.idle() // who reads slowly is not to be cut off
	if n > 0 {
		r.offset, r.came, r.refused = r.offset+int64(n), true, 0
		return n, nil // an error that came with it comes again
	}
	return 0, r.ended(ctx, err)
}

// ended tells the end of the file from a cut.
func (r *Reader) ended(ctx context.Context, err error) error {
	if err == io.EOF && r.size < 0 {
		r.size = r.offset
		return io.EOF
	}
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	err = r.c.broken(ctx, r.body.req, err)
	r.Close()
	return err
}
