package client

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/boxvault/boxvault/shared/registry"
)

// transfer sends a request to where the bytes are kept. An error is transient when it makes sense to repeat the transfer; the response is there
// as well when there was one.
func (c *Client) transfer(ctx context.Context, req *http.Request) (*http.Response, error) {
	by := c.http
	if req.Method != http.MethodPut {
		by = c.files
	}
	resp, err := by.Do(req)
	if err != nil {
		return nil, c.broken(ctx, req, err)
	}
	if resp.StatusCode/100 == 2 {
		return resp, nil
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 64<<10)) // what there is of it says why
	err = refusal(resp, body)
	if resp.StatusCode == http.StatusBadRequest && cutOff(body) {
		return resp, &transient{err: err}
	}
	return resp, worthRepeating(resp, err, true)
}

// broken words a transfer that broke off: unless the caller gave up, it is worth another attempt.
func (c *Client) broken(ctx context.Context, req *http.Request, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if refused := (*registry.Error)(nil); errors.As(err, &refused) { // a redirect that is not followed
		return refused
	}
	if cause := context.Cause(req.Context()); cause != nil {
		err = cause
	}
	return &transient{err: &Unreachable{URL: req.URL.Scheme + "://" + req.URL.Host, Err: withoutURL(err)}}
}

// cutOff tells S3's errors for a body that did not arrive in time, or whole, from those for
// requests that are wrong (docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html).
func cutOff(body []byte) bool {
	return strings.Contains(string(body), "RequestTimeout") || strings.Contains(string(body), "IncompleteBody")
}
