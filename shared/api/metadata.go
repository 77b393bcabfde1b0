package api

import (
	"net/url"
	"strconv"

	"github.com/boxvault/boxvault/shared/registry"
)

// FromVersions is the metadata of a box under a name: its released versions that have a file, in the order
// in which they are given. Base is how clients reach the registry.
func FromVersions(b registry.Box, versions []registry.Version, name, base string) Metadata {
	m := Metadata{
		Name: name, Description: b.Description, ShortDescription: b.ShortDescription,
		Versions: []MetadataVersion{},
	}
	for _, v := range versions {
		if v.Status != registry.Active {
			continue
		}
		if providers := metadataProviders(b, v, base); len(providers) > 0 {
			m.Versions = append(m.Versions, MetadataVersion{
				Version: string(v.Number), Status: string(v.Status), Description: v.Notice(), Providers: providers,
			})
		}
	}
	return m
}

// metadataProviders has one entry for each file, in which the default architecture of a provider
// comes last: Vagrant before 2.4 keeps only the last entry of a name.
func metadataProviders(b registry.Box, v registry.Version, base string) (list []MetadataProvider) {
	for _, p := range v.Providers {
		for _, a := range p.Listed() {
			sum := a.File.Checksum()
			list = append(list, MetadataProvider{
				Name: p.Name, URL: base + DownloadPath(b, v.Number, p.Name, a.Architecture),
				ChecksumType: sum.Type, Checksum: sum.Sum, FileSize: strconv.FormatInt(a.File.Size, 10),
				Architecture: a.Name, DefaultArchitecture: a.IsDefault,
			})
		}
	}
	return list
}

// MirrorPath is where the metadata of a box is that a mirror's upstream is to be asked about.
func MirrorPath(organization, box string) string {
	return "/api/mirror/" + url.PathEscape(organization) + "/" + url.PathEscape(box)
}
