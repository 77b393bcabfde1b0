package hcp

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
	"github.com/boxvault/boxvault/shared/search"
)

// Index is a box that was found, with what is in its newest released versions.
type Index struct {
	RegistryName       string    `json:"registry_name"`
	BoxName            string    `json:"box_name"`
	Description        string    `json:"description"`
	ShortDescription   string    `json:"short_description"`
	IsPrivate          bool      `json:"is_private"`
	Downloads          string    `json:"downloads"`
	CurrentVersionName string    `json:"current_version_name,omitempty"`
	ProviderNames      []string  `json:"provider_names"`
	ArchitectureTypes  []string  `json:"architecture_types"`
	VCURL              string    `json:"vc_url"`
	CreatedAt          time.Time `json:"created_at"`
	UpdatedAt          time.Time `json:"updated_at"`
}

// Found is a page of boxes that were found.
type Found struct {
	Boxes      []Index    `json:"boxes"`
	Pagination Pagination `json:"pagination"`
}

// SearchRequest asks for boxes that have words and builds.
type SearchRequest struct {
	Text          string `query:"q" json:"-" schema:"maxLength=255"`
	Providers     string `query:"providers" json:"-"`     // one at the most
	Architectures string `query:"architectures" json:"-"` // one at the most
	// OrderBy is downloads, created_at or updated_at, and perhaps asc or desc behind it; without it, the
	// box with the most downloads comes first.
	OrderBy string `query:"sort.order_by" json:"-"`
	Page
	In route.Incoming
}

// Search finds boxes that the caller may see. A page may be short and still be followed by another one.
func (s *Service) Search(ctx context.Context, caller registry.Caller, req SearchRequest) (Found, error) {
	q, err := req.query()
	if err != nil {
		return Found{}, err
	}
	list, next, err := s.Gate.Find(ctx, caller, q)
	base := req.In.Base(s.URL)
	return Found{api.Each(list, func(f catalog.Found) Index { return indexOf(base, f) }), Pagination{next}}, err
}

func indexOf(base string, f catalog.Found) Index {
	return Index{
		RegistryName: f.Box.Organization, BoxName: f.Box.Name, Description: f.Box.Description,
		ShortDescription: f.Box.ShortDescription, IsPrivate: !f.Box.Public,
		Downloads: strconv.FormatInt(f.Entry.Downloads, 10), CurrentVersionName: string(f.Entry.Version),
		ProviderNames:     append([]string{}, f.Entry.Providers()...),
		ArchitectureTypes: append([]string{}, f.Entry.Architectures()...),
		VCURL:             base + "/" + f.Box.Tag(), CreatedAt: f.Box.CreatedAt, UpdatedAt: f.Entry.UpdatedAt(),
	}
}

// orders are what boxes can be sorted by, in the words of this dialect.
var orders = map[string]search.Sort{
	"": "", "downloads": search.ByDownloads, "created_at": search.ByCreated, "updated_at": search.ByUpdated,
}

func (r SearchRequest) query() (search.Query, error) {
	field, direction, _ := strings.Cut(r.OrderBy, " ")
	by, known := orders[field]
	if field != "" && direction == "" {
		direction = "asc"
	}
	var wrong registry.Fields
	if !known || direction != "" && direction != "asc" && direction != "desc" {
		wrong.Add("sort.order_by", "must be one of downloads, created_at and updated_at, and perhaps asc or desc behind it")
	}
	for name, one := range map[string]string{"providers": r.Providers, "architectures": r.Architectures} {
		if one != "" && registry.CheckName(one) != nil {
			wrong.Add(name, "must be one name")
		}
	}
	r.check(&wrong)
	return search.Query{
		Text: r.Text, Provider: r.Providers, Architecture: r.Architectures, Sort: by, Order: direction,
		Limit: int(min(r.Size, search.MaxLimit)), After: r.Next,
	}, wrong.Err()
}
