package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/boxvault/boxvault/shared/registry"
)

// connect asks for the file from where the reader is.
func (r *Reader) connect(ctx context.Context) (err error) {
	if r.url == "" {
		if r.url, err = r.file.Link(ctx, r.offset); err != nil {
			return err
		}
		if r.url == r.wrong {
			return r.lost
		}
	}
	watched := r.c.watch(r.ctx)
	req, err := r.request(watched, http.MethodGet, r.url)
	if err != nil {
		watched.stop()
		return err
	}
	resp, err := r.c.transfer(ctx, req)
	if err != nil {
		watched.stop()
		return r.refusal(resp, err)
	}
	r.body = &body{resp.Body, req, watched}
	if err := r.align(resp); err != nil {
		r.Close()
		return err
	}
	watched.idle()
	return nil
}

func (r *Reader) request(ctx context.Context, method, link string) (*http.Request, error) {
	target, err := url.Parse(link)
	if err != nil {
		return nil, errors.New("the link to the file is no URL") // which may hold a secret
	}
	if err := checkLink(target); err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, method, link, nil)
	if err != nil {
		return nil, fmt.Errorf("the link to the file: %w", withoutURL(err))
	}
	req.Header.Set("User-Agent", r.c.userAgent)
	// Bytes that are compressed on their way have no ranges to resume at.
	req.Header.Set("Accept-Encoding", "identity")
	if r.file.WithToken {
		r.c.authorize(ctx, req)
	}
	if r.offset > 0 {
		req.Header.Set("Range", rangeFrom(r.offset))
		if r.version != "" {
			req.Header.Set("If-Range", r.version)
		}
	}
	return req, nil
}

// refusal has the next attempt ask for another URL: this one may have expired. Where there is nothing, the
// same URL is not tried again.
func (r *Reader) refusal(resp *http.Response, err error) error {
	if resp == nil {
		return err
	}
	switch resp.StatusCode {
	case http.StatusForbidden, http.StatusGone:
	case http.StatusUnauthorized, http.StatusNotFound:
		r.wrong, r.lost = r.url, err
	default:
		return err
	}
	r.url = ""
	if r.refused++; r.refused == maxRefused {
		return err
	}
	return &transient{err: err, after: time.Millisecond}
}

// align makes sure that the answer goes on where the reader is, in the same file. One that does not know
// ranges begins at the beginning, and what was read is read again.
func (r *Reader) align(resp *http.Response) error {
	version, size := versionOf(resp.Header), wholeSize(resp)
	switch {
	case r.version != "" && version != r.version:
		return registry.Errorf(registry.Conflict, "the file was changed while it was being read")
	case r.size >= 0 && size >= 0 && size != r.size:
		return registry.Errorf(registry.BadUpload, "the file has %d bytes, and %d were announced", size, r.size)
	}
	if r.version = version; size >= 0 {
		r.size = size
	}
	if resp.StatusCode != http.StatusPartialContent {
		return r.skip(r.offset)
	}
	if got := resp.Header.Get("Content-Range"); !strings.HasPrefix(got, fmt.Sprintf("bytes %d-", r.offset)) {
		return fmt.Errorf("asked for bytes from %d on, got %s", r.offset, got)
	}
	return nil
}

// skip reads what was read before.
func (r *Reader) skip(n int64) error {
	_, err := io.CopyN(io.Discard, &metered{r: r.body, moved: func(int64) { r.body.watch.alive() }}, n)
	if err != nil {
		return r.c.broken(r.ctx, r.body.req, err)
	}
	return nil
}

// versionOf is what tells a file from another one that takes its place (RFC 9110, 13.1.5): a strong ETag,
// or else the date.
func versionOf(h http.Header) string {
	if tag := h.Get("ETag"); strings.HasPrefix(tag, `"`) {
		return tag
	}
	return h.Get("Last-Modified")
}

// wholeSize is the size of the file that an answer has all or a part of; -1 when it does not say.
func wholeSize(resp *http.Response) int64 {
	if resp.StatusCode != http.StatusPartialContent {
		return resp.ContentLength
	}
	_, whole, _ := strings.Cut(resp.Header.Get("Content-Range"), "/")
	if size, err := strconv.ParseInt(whole, 10, 64); err == nil {
		return size
	}
	return -1
}
