package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"strings"
)

// pages goes through a list that comes in pages.
func pages[T any](ctx context.Context, c *Client, r request) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		more := true
		for more {
			page, header, err := doPage[[]T](ctx, c, r)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range page {
				if !yield(item, nil) {
					return
				}
			}
			r.query, more = nextPage(header)
		}
	}
}

// nextPage finds the query of the next page in the Link header (RFC 8288). Its host and path are
// not looked at: the registry may be known by another name than it knows itself, and the token
// must go nowhere else.
func nextPage(header http.Header) (query string, more bool) {
	for _, link := range strings.Split(strings.Join(header.Values("Link"), ","), ",") {
		target, rel, _ := strings.Cut(link, ";")
		if !strings.Contains(rel, `rel="next"`) {
			continue
		}
		u, err := url.Parse(strings.Trim(target, " <>"))
		if err == nil && u.RawQuery != "" {
			return u.RawQuery, true
		}
	}
	return "", false
}
