package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/boxvault/boxvault/shared/registry"
)

// maxAnswer is the most bytes of JSON that are read, when nothing else is said.
const maxAnswer = 256 << 20

// request is one call of the API.
type request struct {
	method, path string
	query        string
	body         any               // nil for none
	raw          []byte            // in place of body: bytes that are no JSON
	header       map[string]string // beside the usual one
	// again allows to send the request once more when it is not known whether the registry has
	// carried it out.
	again bool
	// asks is set where a person waits who has typed a password: of longer pauses that the registry asks
	// for, it is better to tell than to wait them out.
	asks bool
	// attempts is how often it is sent at the most.
	attempts int
	// leads means that the answer is a redirect, to a file from byte `from` on.
	leads bool
	from  int64
}

func get(path string) request {
	return request{method: http.MethodGet, path: path, again: true, attempts: callAttempts}
}

func post(path string, body any) request {
	return request{method: http.MethodPost, path: path, body: body, attempts: callAttempts}
}

func put(path string, body any) request {
	return request{method: http.MethodPut, path: path, body: body, again: true, attempts: callAttempts}
}

func remove(path string) request {
	return request{method: http.MethodDelete, path: path, attempts: callAttempts}
}

// patient marks a request that is part of a transfer: its repetition does no harm, and it holds
// out as long as the transfer does.
func (r request) patient() request {
	r.again, r.attempts = true, transferAttempts
	return r
}

// asking marks a request with a password in it.
func (r request) asking() request {
	r.asks, r.again = true, false
	return r
}

// route makes a path; each segment is one name, whatever is in it.
func route(segments ...string) string {
	var b strings.Builder
	for _, s := range segments {
		b.WriteByte('/')
		b.WriteString(url.PathEscape(s))
	}
	return b.String()
}

// answer is a success.
type answer struct {
	header http.Header
	body   []byte
}

// rangeFrom is the Range header for what begins at a byte.
func rangeFrom(offset int64) string { return fmt.Sprintf("bytes=%d-", offset) }

// do sends a request and decodes the answer.
func do[Resp any](ctx context.Context, c *Client, r request) (Resp, error) {
	resp, _, err := doPage[Resp](ctx, c, r)
	return resp, err
}

// doPage is do, with the answer's headers.
func doPage[Resp any](ctx context.Context, c *Client, r request) (resp Resp, header http.Header, err error) {
	a, err := c.send(ctx, r)
	if err != nil {
		return resp, nil, err
	}
	if err := json.Unmarshal(a.body, &resp); err != nil {
		return resp, nil, fmt.Errorf("%s did not answer as a BoxVault registry does: %w", c.base, err)
	}
	return resp, a.header, nil
}

// run sends a request whose answer has nothing to tell.
func (c *Client) run(ctx context.Context, r request) error {
	_, err := c.send(ctx, r)
	return err
}

// send renews the session when it is time, and sends the request as often as it takes.
func (c *Client) send(ctx context.Context, r request) (a answer, err error) {
	token := c.session.current(ctx)
	err = c.persist(ctx, r.attempts, func(ctx context.Context) error {
		a, err = c.try(ctx, r, token)
		if t := (*transient)(nil); r.asks && errors.As(err, &t) && t.after > longestAsk {
			err = t.err
		}
		return err
	})
	return a, err
}

// longestAsk is the longest pause that a person waits for without being told.
const longestAsk = 5 * time.Second

// try sends the request once.
func (c *Client) try(ctx context.Context, r request, token string) (answer, error) {
	req, err := c.newRequest(ctx, r, token)
	if err != nil {
		return answer{}, err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return answer{}, c.unreachable(ctx, err, r.again)
	}
	defer resp.Body.Close()
	c.reached.Store(true)
	body, err := io.ReadAll(io.LimitReader(resp.Body, c.maxAnswer+1))
	if err != nil {
		return answer{}, c.unreachable(ctx, err, r.again)
	}
	if int64(len(body)) > c.maxAnswer {
		return answer{}, registry.Errorf(registry.TooLarge, "%s answered with more than %d bytes", c.base, c.maxAnswer)
	}
	if success := resp.StatusCode/100 == 2 || r.leads && resp.StatusCode == http.StatusFound; !success {
		return answer{}, worthRepeating(resp, refusal(resp, body), r.again)
	}
	return answer{header: resp.Header, body: body}, nil
}

func (c *Client) newRequest(ctx context.Context, r request, token string) (*http.Request, error) {
	var body io.Reader
	switch {
	case r.raw != nil:
		body = bytes.NewReader(r.raw)
	case r.body != nil:
		raw, err := json.Marshal(r.body)
		if err != nil {
			return nil, fmt.Errorf("request body: %w", err)
		}
		body = bytes.NewReader(raw)
	}
	target := c.base + r.path
	if r.query != "" {
		target += "?" + r.query
	}
	req, err := http.NewRequestWithContext(ctx, r.method, target, body)
	if err != nil {
		return nil, fmt.Errorf("request: %w", err)
	}
	for name, value := range c.headers(r, token) {
		req.Header.Set(name, value)
	}
	return req, nil
}

func (c *Client) headers(r request, token string) map[string]string {
	h := map[string]string{"Accept": "application/json", "User-Agent": c.userAgent}
	switch {
	case r.raw != nil:
		h["Content-Type"] = "application/octet-stream"
	case r.body != nil:
		h["Content-Type"] = "application/json"
	}
	for name, value := range r.header {
		if value != "" {
			h[name] = value
		}
	}
	if r.from > 0 {
		h["Range"] = rangeFrom(r.from)
	}
	if token != "" {
		h["Authorization"] = "Bearer " + token
	}
	return h
}
