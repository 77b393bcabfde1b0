package vagrant

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// MetadataRequest names a box.
type MetadataRequest struct {
	api.BoxPath
	In route.Incoming
}

const jsonType = "application/json; charset=utf-8"

// ReadMetadata answers with the metadata of a box. Its name is the box's own, unless it is Vagrant
// that asks, who needs `org/box`.
func (s *Service) ReadMetadata(ctx context.Context, caller registry.Caller, req MetadataRequest) (route.Document, error) {
	tree, _, err := s.Gate.Tree(ctx, caller, req.Organization, req.Box)
	if err != nil {
		return route.Document{}, err
	}
	name := tree.Box.Name
	if strings.Contains(req.In.Accept, "application/json") {
		name = tree.Box.Tag()
	}
	return s.document(tree, name, req.In.Base(s.URL))
}

// ReadVagrantMetadata answers with the metadata as Vagrant reads it, and to a browser with a page.
func (s *Service) ReadVagrantMetadata(ctx context.Context, caller registry.Caller, req MetadataRequest) (route.Document, error) {
	if registry.CheckOrganizationName(req.Organization) != nil {
		return route.Document{}, registry.Missing("box")
	}
	tree, _, err := s.Gate.Tree(ctx, caller, req.Organization, req.Box)
	if err != nil {
		return route.Document{}, err
	}
	if strings.Contains(req.In.Accept, "text/html") {
		return page(tree, req.In.Base(s.URL))
	}
	// Vagrant refuses a box whose name is not the one it asked for, to the letter.
	return s.document(tree, req.Organization+"/"+req.Box, req.In.Base(s.URL))
}

// document renders the metadata, or takes what was rendered of the very same revisions before.
func (s *Service) document(tree catalog.Tree, name, base string) (route.Document, error) {
	key := name + "\n" + base + "\n" + tree.Box.ID.String()
	stamp := tree.Stamp()
	body, ok := s.rendered.get(key, stamp)
	if !ok {
		metadata, err := render(tree, name, base)
		if err != nil {
			return route.Document{}, err
		}
		if body, err = json.Marshal(metadata); err != nil {
			return route.Document{}, err
		}
		s.rendered.put(key, stamp, body)
	}
	return route.Document{ContentType: jsonType, Body: body, ETag: `"` + stamp + `"`, Vary: "Accept"}, nil
}

// render lists the released versions that have a file, in version order.
func render(tree catalog.Tree, name, base string) (api.Metadata, error) {
	m := api.Metadata{
		Name: name, Description: tree.Box.Description, ShortDescription: tree.Box.ShortDescription,
		Versions: []api.MetadataVersion{},
	}
	versions, err := tree.Versions()
	for _, v := range versions {
		if v.Status != registry.Active {
			continue
		}
		if providers := renderProviders(tree.Box, v, base); len(providers) > 0 {
			m.Versions = append(m.Versions, api.MetadataVersion{
				Version: string(v.Number), Status: string(v.Status), Description: v.Notice(), Providers: providers,
			})
		}
	}
	return m, err
}

// renderProviders has one entry for each file, in which the default architecture of a provider
// comes last: Vagrant before 2.4 keeps only the last entry of a name.
func renderProviders(b registry.Box, v registry.Version, base string) (list []api.MetadataProvider) {
	for _, p := range v.Providers {
		for _, a := range p.Listed() {
			sum := a.File.Checksum()
			list = append(list, api.MetadataProvider{
				Name: p.Name, URL: base + api.DownloadPath(b, v.Number, p.Name, a.Architecture),
				ChecksumType: sum.Type, Checksum: sum.Sum, FileSize: strconv.FormatInt(a.File.Size, 10),
				Architecture: a.Name, DefaultArchitecture: a.IsDefault,
			})
		}
	}
	return list
}
