// Package source reads boxes from where they are now, to have them moved into a BoxVault registry: from
// Vagrant Cloud, the HCP Vagrant Registry, another BoxVault, a catalogue that is a file, or a folder of box
// files. Each is a Source, in a file of its own.
//
// What a source says is not trusted: answers are bounded, links lead to the web only, and the token of a
// source is sent to its own host only.
package source

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/shared/registry"
)

// Source is where boxes come from. It is safe for concurrent use.
type Source interface {
	// Boxes lists the names of the boxes of an organization that the caller may see.
	Boxes(ctx context.Context, organization string) ([]string, error)
	// Box tells about a box with all versions that the caller may see. NotFound when there is none.
	Box(ctx context.Context, organization, name string) (Box, error)
}

// Box is a box at its source.
type Box struct {
	Organization, Name            string
	Description, ShortDescription string
	Readme                        string
	Private                       bool
	Versions                      []Version
}

// Version is a version of a box at its source.
type Version struct {
	Number                    string // as the source writes it
	Description, ReleaseNotes string
	Status                    registry.Status
	Files                     []File
}

// File is a file of a version at its source.
type File struct {
	Provider string
	// Architecture is registry.UnknownArchitecture where the source knows none.
	Architecture string
	// Default is set when it is for the default architecture of its provider.
	Default bool
	Name    string // empty when it has none of its own
	Size    int64  // bytes; -1 when the source does not tell
	// Checksum is what the source declares, as it writes it, and ChecksumType its type; both may be
	// empty.
	Checksum, ChecksumType string
	Modified               time.Time // zero when the source does not tell
	// Open begins to read the file at a byte.
	Open func(ctx context.Context, from int64) (client.Incoming, error)
	// Measure asks for the size without reading the file; -1 when that is not told.
	Measure func(ctx context.Context) int64
	// Broken says why the file cannot be read; nil when it seems that it can.
	Broken error
}

// known is the architecture of a file, which sources before Vagrant 2.4 do not name.
func known(architecture string) string {
	if architecture == "" {
		return registry.UnknownArchitecture
	}
	return architecture
}

// web makes the file be read from the web. Links are asked for anew each time that it is opened.
func (f File) web(c *client.Client, links func() client.Remote) File {
	f.Open = func(ctx context.Context, from int64) (client.Incoming, error) {
		r, err := c.Open(ctx, links(), from)
		if err != nil {
			return nil, err
		}
		return r, nil
	}
	f.Measure = func(ctx context.Context) int64 {
		size, err := c.SizeOf(ctx, links())
		if err != nil {
			return -1
		}
		return size
	}
	return f
}

// at is a file that has one URL, which stays. The client's token is for the client's own host.
func at(url string) func() client.Remote {
	return func() client.Remote {
		return client.Remote{Size: -1, WithToken: true, Link: func(context.Context, int64) (string, error) { return url, nil }}
	}
}

// sizeOf reads a number of bytes, which some write as a number and some as a text; -1 when it is none.
func sizeOf(raw json.RawMessage) int64 {
	if size, err := strconv.ParseInt(strings.Trim(string(raw), `"`), 10, 64); err == nil && size > 0 {
		return size
	}
	return -1
}

// statusOf reads the state of a version; what is not said, or not known, is taken for released.
func statusOf(s string) registry.Status {
	switch s {
	case "unreleased", "UNRELEASED":
		return registry.Unreleased
	case "revoked", "REVOKED":
		return registry.Revoked
	}
	return registry.Active
}
