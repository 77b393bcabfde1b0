package api

import (
	"net/url"

	"github.com/boxvault/boxvault/shared/registry"
)

// BoxPath is the box in a path.
type BoxPath struct {
	Organization string `path:"organization" json:"-"`
	Box          string `path:"box" json:"-"`
}

// VersionPath is the version in a path.
type VersionPath struct {
	BoxPath
	Number string `path:"version" json:"-"`
}

// ProviderPath is the provider in a path.
type ProviderPath struct {
	VersionPath
	Provider string `path:"provider" json:"-"`
}

// ArchitecturePath is the architecture in a path.
type ArchitecturePath struct {
	ProviderPath
	Architecture string `path:"architecture" json:"-"`
}

// ParseNumber reads the version number of a path. Invalid when it is none.
func (p VersionPath) ParseNumber() (registry.Number, error) {
	n, err := registry.ParseNumber(p.Number)
	var wrong registry.Fields
	wrong.Check("version", err)
	return n, wrong.Err()
}

// Target reads where a file is to go, and checks every name on the way.
func (p ArchitecturePath) Target() (registry.Target, error) {
	n, err := registry.ParseNumber(p.Number)
	var wrong registry.Fields
	wrong.Check("version", err)
	wrong.Check("provider", registry.CheckName(p.Provider))
	wrong.Check("architecture", registry.CheckArchitectureName(p.Architecture))
	return registry.Target{
		Organization: p.Organization, Box: p.Box, Version: n,
		Provider: p.Provider, Architecture: p.Architecture,
	}, wrong.Err()
}

// DownloadPath is where the file of an architecture is downloaded from: the URL that metadata names. It
// stays the same as long as the file does and is another one for another file, because Vagrant resumes
// a download by its URL (vagrant-protocol §3.4).
func DownloadPath(b registry.Box, n registry.Number, provider string, a registry.Architecture) string {
	path := "/" + b.Organization + "/boxes/" + b.Name + "/versions/" + string(n) +
		"/providers/" + provider + "/" + a.Name + "/vagrant.box"
	if a.File != nil && a.File.Distinct {
		path += "?file=" + a.File.ID.String()
	}
	return path
}

// PutPath is where the file of an upload, which is kept at a home, is PUT without a token: its ticket
// (auth.Tokens.UploadTicket) is the permission.
func PutPath(home, upload, ticket string) string {
	return "/api/upload/" + upload + "?" + url.Values{"home": {home}, "ticket": {ticket}}.Encode()
}
