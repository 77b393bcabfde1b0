package discover

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
	"github.com/boxvault/boxvault/shared/search"
)

// Page is the part of a list that is asked for, and its order.
type Page struct {
	Organization string `query:"organization" json:"-"`
	Provider     string `query:"provider" json:"-"`
	Architecture string `query:"architecture" json:"-"`
	Sort         string `query:"sort" json:"-"`  // downloads, created or updated
	Order        string `query:"order" json:"-"` // desc or asc
	Limit        int    `query:"limit" json:"-"` // 1 to 50; 0 is 25
	After        string `query:"after" json:"-"`
}

func (p Page) query(text string, by search.Sort) search.Query {
	if p.Sort != "" {
		by = search.Sort(p.Sort)
	}
	return search.Query{
		Text: text, Organization: p.Organization, Provider: p.Provider, Architecture: p.Architecture,
		Sort: by, Order: p.Order, Limit: p.Limit, After: p.After,
	}
}

// SearchRequest asks for boxes that have words and builds.
type SearchRequest struct {
	Text string `query:"q" json:"-"`
	Page
}

// Search finds boxes. A page may be short and still be followed by another one.
func (s *Service) Search(ctx context.Context, caller registry.Caller, req SearchRequest) (route.Paged[api.FoundBox], error) {
	return s.find(ctx, caller, req.query(req.Text, search.ByDownloads))
}

// DiscoverRequest asks for boxes, whatever they are.
type DiscoverRequest struct{ Page }

// Discover lists boxes.
func (s *Service) Discover(ctx context.Context, caller registry.Caller, req DiscoverRequest) (route.Paged[api.FoundBox], error) {
	return s.find(ctx, caller, req.query("", search.ByUpdated))
}

// DiscoverNameRequest asks for boxes by a name.
type DiscoverNameRequest struct {
	Name string `path:"name" json:"-"`
	Page
}

// DiscoverName lists boxes that a name finds.
func (s *Service) DiscoverName(ctx context.Context, caller registry.Caller, req DiscoverNameRequest) (route.Paged[api.FoundBox], error) {
	return s.find(ctx, caller, req.query(req.Name, search.ByUpdated))
}

func (s *Service) find(ctx context.Context, caller registry.Caller, q search.Query) (page route.Paged[api.FoundBox], err error) {
	list, next, err := s.Gate.Find(ctx, caller, q)
	return route.Paged[api.FoundBox]{Items: api.Each(list, told), After: next}, err
}

func told(f catalog.Found) api.FoundBox {
	box := api.FoundBox{
		Box: api.FromBox(f.Box), Version: string(f.Entry.Version), Downloads: f.Entry.Downloads,
		Providers:     append([]string{}, f.Entry.Providers()...),
		Architectures: append([]string{}, f.Entry.Architectures()...),
	}
	box.UpdatedAt = f.Entry.UpdatedAt()
	return box
}
