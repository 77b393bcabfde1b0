package api

import "github.com/boxvault/boxvault/shared/registry"

// MirrorInput makes an organization a mirror, or changes what it mirrors: what is left out is as if it had
// never been set.
type MirrorInput struct {
	// From is the upstream's URL. With {box} in it, it is that of a box's metadata.json.
	From string `json:"from" schema:"minLength=1,maxLength=2048"`
	// Organization is the name upstream; left out: the same as here.
	Organization string `json:"organization,omitempty"`
	// Allow are patterns for the names of boxes, such as debian-*; left out: all boxes.
	Allow []string `json:"allow,omitempty"`
	// Private makes boxes private that come from now on; only members have boxes fetched then.
	Private bool `json:"private,omitempty"`
	// MaxFileSize in bytes; left out: 64 GiB.
	MaxFileSize int64 `json:"maxFileSize,omitempty"`
	// FreshSeconds is for how long the upstream is not asked again about a box; left out: 600.
	FreshSeconds int `json:"freshSeconds,omitempty"`
}

// Mirror tells what an organization mirrors.
type Mirror struct {
	From         string   `json:"from"`
	Organization string   `json:"organization"` // the name upstream
	Allow        []string `json:"allow"`        // empty: all boxes
	Private      bool     `json:"private"`
	MaxFileSize  int64    `json:"maxFileSize"`
	FreshSeconds int      `json:"freshSeconds"`

	Revised
}

// FromMirror tells what an organization mirrors that is a mirror.
func FromMirror(o registry.Organization) Mirror {
	m := *o.Mirror
	told := Mirror{
		From: m.From, Organization: m.Organization, Allow: append([]string{}, m.Allow...), Private: m.Private,
		MaxFileSize: m.FileLimit(), FreshSeconds: int(m.Fresh().Seconds()), Revised: At(o.Revision),
	}
	if told.Organization == "" {
		told.Organization = o.Name
	}
	return told
}

// Mirror is what an organization is to mirror.
func (in MirrorInput) Mirror() registry.Mirror {
	return registry.Mirror{
		From: in.From, Organization: in.Organization, Allow: in.Allow, Private: in.Private,
		MaxFile: in.MaxFileSize, FreshSeconds: in.FreshSeconds,
	}
}
