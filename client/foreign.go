package client

import (
	"context"
	"net/http"
	"net/url"
)

// Calls for registries of another make, which no method knows.

// Get asks for something; query is what stands behind the question mark.
func Get[Resp any](ctx context.Context, c *Client, path, query string) (Resp, error) {
	r := get(path)
	r.query = query
	return do[Resp](ctx, c, r)
}

// PostForm sends a form, as one that may be sent again.
func PostForm[Resp any](ctx context.Context, c *Client, path string, form url.Values) (Resp, error) {
	r := post(path, nil)
	r.again, r.raw = true, []byte(form.Encode())
	r.header = map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
	return do[Resp](ctx, c, r)
}

// SizeOf asks how large a file is, without fetching it; -1 when the other side does not tell.
func (c *Client) SizeOf(ctx context.Context, file Remote) (size int64, err error) {
	r := &Reader{c: c, ctx: ctx, file: file, size: file.Size}
	err = r.persist(func(ctx context.Context) error {
		target, err := file.Link(ctx, 0)
		if err != nil {
			return err
		}
		req, err := r.request(ctx, http.MethodHead, target)
		if err != nil {
			return err
		}
		resp, err := c.transfer(ctx, req)
		if err != nil {
			return err
		}
		size = resp.ContentLength
		return resp.Body.Close()
	})
	if err != nil {
		size = -1
	}
	return size, err
}
