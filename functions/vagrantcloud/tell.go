package vagrantcloud

import (
	"html"
	"slices"
	"strings"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
	wire "github.com/boxvault/boxvault/shared/vagrantcloud"
)

// teller tells about records to whoever made a request.
type teller struct {
	base string // how clients reach the registry
	api  string // the base of the API that was asked, /api/v1 or /api/v2
}

func (s *Service) teller(in route.Incoming) teller {
	t := teller{base: in.Base(s.URL), api: "/api/v2"}
	if strings.HasPrefix(strings.TrimLeft(in.Path, "/"), "api/v1/") {
		t.api = "/api/v1"
	}
	return t
}

func (t teller) version(b registry.Box, v registry.Version) wire.Version {
	path := t.base + t.api + "/box/" + b.Tag() + "/version/" + string(v.Number)
	told := wire.Version{
		Version: string(v.Number), Number: string(v.Number), Status: string(v.Status),
		Description: v.Description, DescriptionMarkdown: v.Description, DescriptionHTML: paragraph(v.Description),
		CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt,
		ReleaseURL: path + "/release", RevokeURL: path + "/revoke", Providers: []wire.Provider{},
	}
	for _, p := range v.Providers {
		told.Providers = append(told.Providers, t.architectures(b, v, p)...)
	}
	return told
}

// architectures are told as providers, the default one last: clients before Vagrant 2.4 keep only the last
// of a name.
func (t teller) architectures(b registry.Box, v registry.Version, p registry.Provider) (list []wire.Provider) {
	if len(p.Architectures) == 0 {
		return []wire.Provider{t.provider(b, v, p, firstOf(p))}
	}
	sorted := slices.SortedStableFunc(slices.Values(p.Architectures), func(a, b registry.Architecture) int {
		return btoi(a.Default) - btoi(b.Default)
	})
	for _, a := range sorted {
		list = append(list, t.provider(b, v, p, a))
	}
	return list
}

// firstOf is the architecture that a provider without any, which was made by the other API, will have once
// a client that names none uploads its file.
func firstOf(p registry.Provider) registry.Architecture {
	return registry.Architecture{Name: registry.UnknownArchitecture, Default: true, CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (t teller) provider(b registry.Box, v registry.Version, p registry.Provider, a registry.Architecture) wire.Provider {
	told := wire.Provider{
		Name: p.Name, Hosted: true, Architecture: a.Name, DefaultArchitecture: a.Default,
		CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt,
	}
	var sum registry.Checksum
	if a.Expected != nil {
		sum = *a.Expected
	}
	if f := a.File; f != nil {
		sum = f.Checksum()
		url := t.base + api.DownloadPath(b, v.Number, p.Name, a)
		told.DownloadURL = &url
		if f.Elsewhere() {
			told.Hosted, told.OriginalURL, told.URL = false, &f.URL, &f.URL
		}
	}
	if sum.Sum != "" {
		told.Checksum, told.ChecksumType = &sum.Sum, &sum.Type
	}
	return told
}

// box tells about a box with none of its versions.
func (t teller) box(b registry.Box) wire.Box {
	return wire.Box{
		CreatedAt: b.CreatedAt, UpdatedAt: b.UpdatedAt, Tag: b.Tag(), Name: b.Name, Username: b.Organization,
		ShortDescription: b.ShortDescription, Description: b.Description,
		DescriptionMarkdown: b.Description, DescriptionHTML: paragraph(b.Description), Private: !b.Open(),
	}
}

// whole tells about a box with those of its versions, the oldest first, that may be seen.
func (t teller) whole(b registry.Box, versions []registry.Version) wire.Box {
	told, list := t.box(b), []wire.Version{}
	for _, v := range slices.Backward(versions) {
		list = append(list, t.version(b, v))
		if told.CurrentVersion == nil && v.Status == registry.Active && len(v.Files()) > 0 {
			current := list[len(list)-1]
			told.CurrentVersion = &current
		}
	}
	told.Versions = &list
	return told
}

// paragraph is a text as HTML. It is shown as it is, since nobody reads more than that.
func paragraph(text string) string {
	if text == "" {
		return ""
	}
	return "<p>" + html.EscapeString(text) + "</p>\n"
}
