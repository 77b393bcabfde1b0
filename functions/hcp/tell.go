package hcp

import (
	"slices"
	"strconv"
	"strings"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

func locationOf(organization string) Location { return Location{organization, organization} }

func fromOrganization(o registry.Organization) Registry {
	return Registry{
		Name: o.Name, Description: o.Description, Activated: true, Location: locationOf(o.Name),
		CreatedAt: o.CreatedAt, UpdatedAt: o.UpdatedAt,
	}
}

func fromBox(b registry.Box) Box {
	return Box{
		Name: b.Name, Description: b.Description, ShortDescription: b.ShortDescription, IsPrivate: !b.Public,
		CreatedAt: b.CreatedAt, UpdatedAt: b.UpdatedAt,
	}
}

// The states of a box.
const (
	boxInactive   = "INACTIVE_OR_UNSPECIFIED"
	boxEmpty      = "NO_VERSIONS"
	boxUnreleased = "NO_RELEASED_VERSIONS"
	boxUnbuilt    = "NO_PROVIDERS"
	boxAvailable  = "AVAILABLE"
)

// summarize tells about the versions of a box, of which the caller may see those that are listed.
func (b *Box) summarize(of registry.Box, list []registry.Version) {
	b.Summary = &BoxSummary{ProviderNames: []string{}, VersionsCount: strconv.Itoa(len(list))}
	b.State = boxUnreleased
	if len(list) == 0 {
		b.State = boxEmpty
	}
	for _, v := range list {
		switch {
		case v.Status != registry.Active:
		case len(v.Providers) > 0:
			b.State = boxAvailable
		case b.State != boxAvailable:
			b.State = boxUnbuilt
		}
		b.Summary.ProviderNames = append(b.Summary.ProviderNames, providerNames(v)...)
	}
	slices.Sort(b.Summary.ProviderNames)
	b.Summary.ProviderNames = slices.Compact(b.Summary.ProviderNames)
	if of.Unpublished {
		b.State = boxInactive
	}
}

func providerNames(v registry.Version) []string {
	return api.Each(v.Providers, func(p registry.Provider) string { return p.Name })
}

// teller tells about what is in a box to a client that reaches the registry at a URL.
type teller struct {
	base     string
	box      registry.Box
	expanded bool
}

func (t teller) version(v registry.Version) Version {
	told := Version{
		Name: string(v.Number), Description: v.Description, State: strings.ToUpper(string(v.Status)),
		Summary:   VersionSummary{providerNames(v), strconv.Itoa(len(v.Providers))},
		CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt,
	}
	if t.expanded {
		told.Providers = api.Each(v.Providers, func(p registry.Provider) Provider { return t.provider(v.Number, p) })
	}
	return told
}

func (t teller) provider(n registry.Number, p registry.Provider) Provider {
	types := api.Each(p.Architectures, func(a registry.Architecture) string { return a.Name })
	told := Provider{
		Name: p.Name, Summary: ProviderSummary{types, strconv.Itoa(len(types))},
		CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt,
	}
	if t.expanded {
		told.Architectures = api.Each(p.Architectures, func(a registry.Architecture) Architecture { return t.architecture(n, p.Name, a) })
	}
	return told
}

func (t teller) architecture(n registry.Number, provider string, a registry.Architecture) Architecture {
	return Architecture{
		ArchitectureType: a.Name, Default: a.Default, BoxData: t.data(n, provider, a),
		CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt,
	}
}

func (t teller) data(n registry.Number, provider string, a registry.Architecture) (told BoxData) {
	var sum registry.Checksum
	if a.Expected != nil {
		sum = *a.Expected
	}
	if f := a.File; f != nil {
		sum, told.DownloadURL = f.Checksum(), t.base+api.DownloadPath(t.box, n, provider, a)
		told.CreatedAt = &f.UploadedAt
		if f.Elsewhere() {
			told.DownloadURL = f.URL
		} else {
			told.Size = strconv.FormatInt(f.Size, 10)
		}
	}
	told.Checksum, told.ChecksumType = checksumOf(sum)
	return told
}

const (
	checksumNone  = "NONE"
	checksumUnset = "UNSET"
)

func checksumOf(sum registry.Checksum) (text, algorithm string) {
	if sum.Sum == "" {
		return "", checksumNone
	}
	return sum.Sum, strings.ToUpper(sum.Type)
}
