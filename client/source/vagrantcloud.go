package source

import (
	"cmp"
	"context"
	"net/url"
	"strings"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/shared/registry"
)

// vagrantCloud is a registry that speaks the Vagrant Cloud API, v1 or v2.
// Source: developer.hashicorp.com/vagrant/vagrant-cloud/api/v2, and vagrant-protocol §7.1.
type vagrantCloud struct {
	c   *client.Client
	api string // path of the API
}

func openVagrantCloud(o Options) (Source, error) {
	base, api := o.From, "/api/v2"
	for _, version := range []string{"/api/v1", "/api/v2"} {
		if host, found := strings.CutSuffix(strings.TrimRight(base, "/"), version); found {
			base, api = host, version
		}
	}
	c, err := client.New(base, o.vagrantCloudToken(), o.Client...)
	return &vagrantCloud{c, api}, err
}

// vagrantCloudToken is VAGRANT_CLOUD_TOKEN at HashiCorp's own hosts, and where the type of the source was
// said: it may be that of the registry which the boxes go to.
func (o Options) vagrantCloudToken() string {
	if o.Type == VagrantCloud || hashicorps(o.From) == VagrantCloud {
		return cmp.Or(o.Getenv("VAGRANT_CLOUD_TOKEN"), o.Getenv(tokenVariable))
	}
	return o.Getenv(tokenVariable)
}

func (v *vagrantCloud) Boxes(ctx context.Context, organization string) (names []string, err error) {
	user, err := client.Get[struct{ Boxes []cloudBox }](ctx, v.c, v.api+"/user/"+url.PathEscape(organization), "")
	for _, b := range user.Boxes {
		names = append(names, b.name())
	}
	return names, err
}

func (v *vagrantCloud) Box(ctx context.Context, organization, name string) (Box, error) {
	b, err := client.Get[cloudBox](ctx, v.c, v.api+"/box/"+url.PathEscape(organization)+"/"+url.PathEscape(name), "")
	if err != nil {
		return Box{}, err
	}
	box := Box{
		Organization: organization, Name: cmp.Or(b.name(), name), Private: b.Private,
		Description: cmp.Or(b.Markdown, b.Description), ShortDescription: b.ShortDescription,
	}
	for _, version := range b.Versions {
		box.Versions = append(box.Versions, v.version(version))
	}
	return box, nil
}

func (v *vagrantCloud) version(from cloudVersion) Version {
	version := Version{
		Number: cmp.Or(from.Version, from.Number), Status: statusOf(from.Status),
		Description: cmp.Or(from.Markdown, from.Description),
	}
	for _, p := range from.Providers {
		f := File{
			Provider: p.Name, Architecture: known(p.Architecture), Default: p.Default, Size: -1,
			Checksum: p.Checksum, ChecksumType: p.ChecksumType,
		}
		link := p.link()
		if link == "" {
			f.Broken = registry.Errorf(registry.NotFound, "the source has no file for it")
		}
		version.Files = append(version.Files, f.web(v.c, at(link)))
	}
	return version
}

// cloudBox, cloudVersion and cloudProvider are what is read of the API's answers. Null is empty.
type cloudBox struct {
	Tag              string
	Name             string
	Private          bool
	ShortDescription string `json:"short_description"`
	Description      string
	Markdown         string `json:"description_markdown"`
	Versions         []cloudVersion
}

// name is the box's, without the organization.
func (b cloudBox) name() string {
	_, name, _ := strings.Cut(b.Tag, "/")
	return cmp.Or(b.Name, name)
}

type cloudVersion struct {
	Version     string
	Number      string
	Status      string
	Description string
	Markdown    string `json:"description_markdown"`
	Providers   []cloudProvider
}

type cloudProvider struct {
	Name         string
	Hosted       *bool
	OriginalURL  string `json:"original_url"`
	DownloadURL  string `json:"download_url"`
	URL          string
	Checksum     string
	ChecksumType string `json:"checksum_type"`
	Architecture string
	Default      bool `json:"default_architecture"`
}

// link is where the file is: for a file that the registry does not keep itself, where that is.
func (p cloudProvider) link() string {
	if p.Hosted != nil && !*p.Hosted && p.OriginalURL != "" {
		return p.OriginalURL
	}
	return cmp.Or(p.DownloadURL, p.URL, p.OriginalURL)
}
