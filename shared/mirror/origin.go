package mirror

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/upload"
)

// origin is a file at its URL upstream.
type origin struct {
	upstream
	url   string
	limit int64 // bytes that the file may have
}

// Open asks for the file from an offset on; If-Range (RFC 9110, 13.1.5) has another file sent from its
// start.
func (o origin) Open(ctx context.Context, offset int64, tag string) (upload.Stretch, error) {
	s, err := o.open(ctx, offset, tag)
	if err != nil {
		return s, err
	}
	if s.Size > o.limit {
		s.Body.Close()
		return s, o.tooLarge()
	}
	s.Body = &transfer{origin: o, ctx: ctx, now: s, at: s.Offset}
	return s, nil
}

func (o origin) tooLarge() error {
	return registry.Errorf(registry.Upstream, "the file is over the %d bytes that the mirror takes", o.limit)
}

func (o origin) open(ctx context.Context, offset int64, tag string) (upload.Stretch, error) {
	var header []string
	if offset > 0 {
		header = []string{"Range", fmt.Sprintf("bytes=%d-", offset), "If-Range", tag}
	}
	connection, hangUp := context.WithCancel(ctx)
	res, err := o.get(connection, o.url, header...)
	if err != nil {
		hangUp()
		return upload.Stretch{}, err
	}
	s := upload.Stretch{Body: &watched{res.Body, hangUp, o.stall}, Size: res.ContentLength, Tag: tagOf(res.Header)}
	switch res.StatusCode {
	case http.StatusOK:
		return s, nil
	case http.StatusPartialContent:
		if s.Offset, s.Size, err = parseRange(res.Header.Get("Content-Range")); err == nil && s.Offset == offset {
			return s, nil
		}
		err = passing("the upstream sent another part of the file than was asked for")
	default:
		err = refusal(res.StatusCode)
	}
	s.Body.Close()
	return s, err
}

// tagOf is what tells the file from another one at the same URL; a weak ETag does not.
func tagOf(h http.Header) string {
	if tag := h.Get("ETag"); strings.HasPrefix(tag, `"`) {
		return tag
	}
	return h.Get("Last-Modified")
}

// parseRange reads a Content-Range: "bytes 5-9/10".
func parseRange(text string) (offset, size int64, err error) {
	bounds, total, _ := strings.Cut(strings.TrimPrefix(text, "bytes "), "/")
	first, _, _ := strings.Cut(bounds, "-")
	if offset, err = strconv.ParseInt(first, 10, 64); err != nil {
		return 0, 0, err
	}
	size, err = strconv.ParseInt(total, 10, 64)
	return offset, size, err
}

// watched hangs up on a server that sends nothing for too long.
type watched struct {
	io.ReadCloser
	hangUp context.CancelFunc
	stall  time.Duration
}

func (w *watched) Read(p []byte) (int, error) {
	patience := time.AfterFunc(w.stall, w.hangUp)
	defer patience.Stop()
	return w.ReadCloser.Read(p)
}

func (w *watched) Close() error {
	defer w.hangUp()
	return w.ReadCloser.Close()
}

// transfer is a body that goes on where it was cut, as long as the file is the same.
type transfer struct {
	origin
	ctx context.Context
	now upload.Stretch
	at  int64 // in the file
	// cuts counts those without a byte in between.
	cuts int
}

const maxCuts = 5

func (t *transfer) Read(p []byte) (int, error) {
	for {
		n, err := t.now.Body.Read(p)
		if t.at += int64(n); t.at > t.limit {
			return 0, t.tooLarge()
		}
		switch {
		case n > 0:
			t.cuts = 0
			return n, nil
		case err == nil:
			continue
		case err == io.EOF && (t.now.Size < 0 || t.at == t.now.Size):
			return 0, io.EOF
		}
		if err := t.reopen(); err != nil {
			return 0, err
		}
	}
}

// reopen asks for the rest, after a while that doubles.
func (t *transfer) reopen() error {
	if t.cuts++; t.now.Tag == "" || t.now.Size < 0 || t.cuts > maxCuts {
		return passing("the upstream broke the transfer off")
	}
	select {
	case <-time.After(50 * time.Millisecond << t.cuts):
	case <-t.ctx.Done():
		return t.ctx.Err()
	}
	t.now.Body.Close()
	next, err := t.open(t.ctx, t.at, t.now.Tag)
	if err != nil {
		return err
	}
	if next.Offset != t.at || next.Size != t.now.Size {
		next.Body.Close()
		return passing("the file has changed upstream while it was fetched")
	}
	next.Tag, t.now = t.now.Tag, next
	return nil
}

// Close ends the transfer.
func (t *transfer) Close() error { return t.now.Body.Close() }
