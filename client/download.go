package client

import (
	"context"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// download is a Pull at work.
type download struct {
	c        *Client
	target   registry.Target
	file     api.File
	progress Progress

	out *os.File
	// offset is how many bytes out has, and sum their SHA-256.
	offset int64
	sum    hash.Hash
	url    string // signed; empty when there is none, or it was refused
}

// attempt fetches what is missing, once.
func (d *download) attempt(ctx context.Context) error {
	if d.offset == d.file.FileSize {
		return nil
	}
	before := d.offset
	err := d.rest(ctx)
	var t *transient
	if errors.As(err, &t) {
		t.progress = d.offset > before
	}
	return err
}

func (d *download) rest(ctx context.Context) error {
	if err := d.link(ctx); err != nil {
		return err
	}
	watched, alive, stop := d.c.watch(ctx)
	defer stop()
	req, err := d.request(watched)
	if err != nil {
		return err
	}
	resp, err := d.c.transfer(ctx, req)
	if err != nil {
		return d.refused(resp, err)
	}
	defer resp.Body.Close()
	if err := d.aligned(resp); err != nil {
		return err
	}
	return d.save(ctx, req, resp.Body, alive)
}

func (d *download) link(ctx context.Context) (err error) {
	if d.url == "" {
		d.url, err = d.c.download(ctx, d.target, d.offset)
	}
	return err
}

func (d *download) request(ctx context.Context) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.url, nil)
	if err != nil {
		return nil, fmt.Errorf("the registry's download link: %w", err)
	}
	req.Header.Set("User-Agent", d.c.userAgent)
	// Bytes that are compressed on their way have no ranges to resume at.
	req.Header.Set("Accept-Encoding", "identity")
	if d.offset > 0 {
		req.Header.Set("Range", rangeFrom(d.offset))
	}
	return req, nil
}

// refused has the next attempt ask for another URL: this one may have expired.
func (d *download) refused(resp *http.Response, err error) error {
	if resp != nil && resp.StatusCode == http.StatusForbidden {
		d.url = ""
		return &transient{err: err}
	}
	return err
}

// aligned makes sure that the answer goes on where the file ends. One that does not know ranges
// begins at the beginning, and so do we.
func (d *download) aligned(resp *http.Response) error {
	if d.offset == 0 || strings.HasPrefix(resp.Header.Get("Content-Range"), fmt.Sprintf("bytes %d-", d.offset)) {
		return nil
	}
	if resp.StatusCode == http.StatusPartialContent {
		return fmt.Errorf("asked for bytes from %d on, got %s", d.offset, resp.Header.Get("Content-Range"))
	}
	return d.restart()
}

func (d *download) restart() error {
	d.progress.Moved(-d.offset)
	d.offset = 0
	d.sum.Reset()
	if err := d.out.Truncate(0); err != nil {
		return err
	}
	_, err := d.out.Seek(0, io.SeekStart)
	return err
}

// save writes what comes to the file, and never more than the file has.
func (d *download) save(ctx context.Context, req *http.Request, body io.Reader, alive func()) error {
	out := &disk{w: io.MultiWriter(d.out, d.sum)}
	n, err := copyCounted(out, io.LimitReader(body, d.file.FileSize-d.offset), func(n int64) {
		alive()
		d.progress.Moved(n)
	})
	d.offset += n
	switch {
	case out.err != nil:
		return out.err
	case err != nil:
		return d.c.broken(ctx, req, err)
	case d.offset < d.file.FileSize:
		return d.c.broken(ctx, req, io.ErrUnexpectedEOF)
	}
	return nil
}

// disk remembers an error of writing, which trying again does not mend, unlike one of reading.
type disk struct {
	w   io.Writer
	err error
}

func (d *disk) Write(p []byte) (n int, err error) {
	n, d.err = d.w.Write(p)
	return n, d.err
}

// copyCounted copies with a large buffer, and reports as it goes.
func copyCounted(to io.Writer, from io.Reader, moved func(int64)) (int64, error) {
	return io.CopyBuffer(onlyWriter{to}, &metered{r: from, moved: moved}, make([]byte, 256<<10))
}
