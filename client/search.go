package client

import (
	"context"
	"iter"
	"net/url"

	"github.com/boxvault/boxvault/shared/api"
)

// Search says what boxes are looked for; the zero value is all that the caller may see, those with the
// most downloads first.
type Search struct {
	// Text has words that are all in the box's name (or begin a word of it), its organization's name
	// or its descriptions.
	Text string
	// Organization, Provider and Architecture are names; what is empty may be any.
	Organization, Provider, Architecture string
	Sort                                 string // downloads, created or updated
	Order                                string // desc or asc
}

// Search goes through the boxes that are found, in all organizations, fetching page by page. After an
// error there are no more.
func (c *Client) Search(ctx context.Context, s Search) iter.Seq2[api.FoundBox, error] {
	query := url.Values{}
	for name, value := range map[string]string{
		"q": s.Text, "organization": s.Organization, "provider": s.Provider, "architecture": s.Architecture,
		"sort": s.Sort, "order": s.Order,
	} {
		if value != "" {
			query.Set(name, value)
		}
	}
	r := get("/api/search")
	r.query = query.Encode()
	return pages[api.FoundBox](ctx, c, r)
}
