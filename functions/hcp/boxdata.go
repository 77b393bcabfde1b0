package hcp

import (
	"strings"
	"time"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/publish"
	"github.com/boxvault/boxvault/shared/registry"
)

// ArchitectureInput makes or changes an architecture. What is left out stays as it is; the default one
// stays it until another one becomes it.
type ArchitectureInput struct {
	ArchitectureType *string       `json:"architecture_type,omitempty" schema:"name"`
	Default          *bool         `json:"default,omitempty"`
	BoxData          *BoxDataInput `json:"box_data,omitempty"`
}

// BoxDataInput says where a file is that is not with the registry or, without a URL, which checksum the
// file must have that comes next.
type BoxDataInput struct {
	DownloadURL string `json:"download_url,omitempty"`
	Checksum    string `json:"checksum,omitempty"`
	// ChecksumType is that of the checksum, in any case. NONE takes back what was said before.
	ChecksumType string `json:"checksum_type,omitempty"`
}

// wanted is what an architecture is to be.
type wanted struct {
	name      string
	isDefault bool
	link      string
	sum       registry.Checksum
	anything  bool // any checksum will do
}

// parse checks what was sent for an architecture of a name.
func (in ArchitectureInput) parse(name string) (w wanted, err error) {
	api.Set(&name, in.ArchitectureType)
	w.name = name
	api.Set(&w.isDefault, in.Default)
	var wrong registry.Fields
	wrong.Check("architectureType", registry.CheckArchitectureName(name))
	if in.BoxData != nil {
		w.link, w.sum = in.BoxData.DownloadURL, in.BoxData.parse(&wrong)
		w.anything = strings.EqualFold(in.BoxData.ChecksumType, checksumNone)
		wrong.Check("downloadUrl", registry.CheckLink(w.link))
	}
	return w, wrong.Err()
}

func (in BoxDataInput) parse(wrong *registry.Fields) registry.Checksum {
	switch strings.ToUpper(in.ChecksumType) {
	case checksumNone:
		if in.Checksum != "" {
			wrong.Add("checksumType", "must be that of the checksum")
		}
		return registry.Checksum{}
	case checksumUnset:
		in.ChecksumType = ""
	}
	sum := registry.ParseChecksum(in.Checksum, in.ChecksumType, wrong)
	if sum.Sum == "" {
		return registry.Checksum{}
	}
	return sum
}

// apply makes an architecture of a version that is edited what it is to be.
func (w wanted) apply(e *publish.Edit, p *registry.Provider, a *registry.Architecture, caller registry.Caller, now time.Time) error {
	a.UpdatedAt = now
	if w.isDefault {
		p.SetDefault(a.ID)
	}
	switch {
	case w.link != "":
		return e.KeepElsewhere(p, a, w.link, w.sum, caller.Username, now)
	case w.anything:
		a.Expected = nil
	default:
		e.Say(a, w.sum)
	}
	return nil
}
