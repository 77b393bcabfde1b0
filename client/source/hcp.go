package source

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"strings"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/shared/registry"
)

// hcp is the HCP Vagrant Registry, whose registries are our organizations.
// Source: github.com/hashicorp/hcp-sdk-go, clients/cloud-vagrant-box-registry/stable/2022-09-30.
type hcp struct {
	c *client.Client
}

const hcpAPI = "/vagrant/2022-09-30"

func openHCP(ctx context.Context, o Options) (Source, error) {
	base := strings.TrimSuffix(strings.TrimRight(o.From, "/"), hcpAPI)
	options := o.Client
	if o.Getenv("HCP_CLIENT_ID") != "" {
		tokens, err := o.hcpTokens(ctx)
		if err != nil {
			return nil, err
		}
		options = append(options[:len(options):len(options)], tokens)
	}
	c, err := client.New(base, "", options...)
	return &hcp{c}, err
}

func (h *hcp) Boxes(ctx context.Context, registry string) (names []string, err error) {
	err = h.pages(ctx, registryPath(registry)+"/boxes", "", func(page hcpPage) {
		for _, b := range page.Boxes {
			names = append(names, b.Name)
		}
	})
	return names, err
}

func (h *hcp) Box(ctx context.Context, registry, name string) (Box, error) {
	path := registryPath(registry) + "/box/" + url.PathEscape(name)
	read, err := client.Get[struct{ Box hcpBox }](ctx, h.c, path, "")
	if err != nil {
		return Box{}, err
	}
	b := read.Box
	box := Box{
		Organization: registry, Name: cmp.Or(b.Name, name), Private: b.IsPrivate,
		Description: b.Description, ShortDescription: b.ShortDescription,
	}
	var versions []hcpVersion
	err = h.pages(ctx, path+"/versions", "expanded=true", func(page hcpPage) { versions = append(versions, page.Versions...) })
	for i := 0; err == nil && i < len(versions); i++ {
		var v Version
		v, err = h.version(ctx, path, versions[i])
		box.Versions = append(box.Versions, v)
	}
	return box, err
}

// version reads what of a version did not come with the list.
func (h *hcp) version(ctx context.Context, box string, from hcpVersion) (Version, error) {
	v := Version{Number: from.Name, Description: from.Description, Status: statusOf(from.State)}
	path := box + "/version/" + url.PathEscape(from.Name)
	if len(from.Providers) == 0 && from.Summary.ProvidersCount != "0" {
		err := h.pages(ctx, path+"/providers", "expanded=true", func(page hcpPage) { from.Providers = append(from.Providers, page.Providers...) })
		if err != nil {
			return v, err
		}
	}
	for _, p := range from.Providers {
		files, err := h.files(ctx, path+"/provider/"+url.PathEscape(p.Name), p)
		if err != nil {
			return v, err
		}
		v.Files = append(v.Files, files...)
	}
	return v, nil
}

func (h *hcp) files(ctx context.Context, path string, p hcpProvider) (files []File, err error) {
	if len(p.Architectures) == 0 {
		err := h.pages(ctx, path+"/architectures", "", func(page hcpPage) { p.Architectures = append(p.Architectures, page.Architectures...) })
		if err != nil {
			return nil, err
		}
	}
	for _, a := range p.Architectures {
		f := File{
			Provider: p.Name, Architecture: known(a.Type), Default: a.Default, Size: sizeOf(a.Data.Size),
			Checksum: a.Data.Checksum, ChecksumType: a.Data.ChecksumType,
		}
		files = append(files, f.web(h.c, h.links(path+"/architecture/"+url.PathEscape(a.Type)+"/download", a.Data.DownloadURL, f.Size)))
	}
	return files, nil
}

// links begins with the URL that came with the list, if there was one, and asks for another one when that
// is of no use any more.
func (h *hcp) links(path, first string, size int64) func() client.Remote {
	return func() client.Remote {
		next := first
		return client.Remote{Size: size, WithToken: true, Link: func(ctx context.Context, _ int64) (link string, err error) {
			if link, next = next, ""; link != "" {
				return link, nil
			}
			answer, err := client.Get[struct{ URL string }](ctx, h.c, path, "")
			if err == nil && answer.URL == "" {
				err = registry.Errorf(registry.NotFound, "the source has no file for it")
			}
			return answer.URL, err
		}}
	}
}

// maxPages keeps a source that leads in circles from doing so for ever.
const maxPages = 10_000

// pages goes through a list that comes in pages.
func (h *hcp) pages(ctx context.Context, path, query string, each func(hcpPage)) error {
	values, err := url.ParseQuery(query)
	if err != nil {
		return err
	}
	values.Set("pagination.page_size", "100")
	for range maxPages {
		page, err := client.Get[hcpPage](ctx, h.c, path, values.Encode())
		if err != nil {
			return err
		}
		each(page)
		if page.Pagination.Next == "" {
			return nil
		}
		values.Set("pagination.next_page_token", page.Pagination.Next)
	}
	return registry.Errorf(registry.Internal, "%s: the list has no end", h.c.URL())
}

func registryPath(name string) string { return hcpAPI + "/registry/" + url.PathEscape(name) }

// hcpPage is a page of any of the lists; of its fields, the one is there that was asked for.
type hcpPage struct {
	Boxes         []hcpBox
	Versions      []hcpVersion
	Providers     []hcpProvider
	Architectures []hcpArchitecture
	Pagination    struct {
		Next string `json:"next_page_token"`
	}
}

type hcpBox struct {
	Name             string
	Description      string
	ShortDescription string `json:"short_description"`
	IsPrivate        bool   `json:"is_private"`
}

type hcpVersion struct {
	Name        string
	Description string
	State       string
	Providers   []hcpProvider
	Summary     struct {
		ProvidersCount string `json:"providers_count"` // a decimal number; empty when it is not told
	}
}

type hcpProvider struct {
	Name          string
	Architectures []hcpArchitecture
}

type hcpArchitecture struct {
	Type    string `json:"architecture_type"`
	Default bool
	Data    struct {
		Checksum     string
		ChecksumType string `json:"checksum_type"`
		DownloadURL  string `json:"download_url"`
		Size         json.RawMessage
	} `json:"box_data"`
}
