package registry

import (
	"errors"
	"net/url"
	"path"
	"strings"
	"time"
)

// Mirror makes an organization a pull-through mirror: boxes that are asked for and not there are
// fetched from an upstream catalogue, and kept.
type Mirror struct {
	// From is the base URL of the upstream or, with {box} in it, the URL of a box's metadata. It is
	// held against outbound.CheckURL when it is set.
	From string `json:"from"`
	// Organization is the name upstream; empty: the same as here.
	Organization string `json:"organization,omitempty"`
	// Allow are patterns (path.Match) for the names of boxes, whatever their case; none allows all.
	Allow []string `json:"allow,omitempty"`
	// Private boxes are seen by members only, who alone have boxes fetched then.
	Private bool `json:"private,omitempty"`
	// MaxFile is the most bytes a file has; 0 is DefaultMaxFile.
	MaxFile int64 `json:"maxFile,omitempty"`
	// FreshSeconds is for how long the upstream is not asked again about a box; 0 is DefaultFresh.
	FreshSeconds int `json:"freshSeconds,omitempty"`
}

// What a mirror goes by that says nothing else.
const (
	DefaultMaxFile = 64 << 30
	DefaultFresh   = 10 * time.Minute
)

// Limits of a mirror's settings.
const (
	MaxAllow        = 100
	MaxFreshSeconds = 7 * 24 * 60 * 60
)

// boxMark stands for the name of the box in the URL of a static catalogue.
const boxMark = "{box}"

// Check says what is wrong with a mirror, by the names of the API. Whether its host may be connected to
// is not decided here.
func (m Mirror) Check(wrong *Fields) {
	if strings.ContainsAny(m.From, "?#") {
		wrong.Add("from", "must not have a query")
	}
	if m.Organization != "" {
		wrong.Check("organization", CheckName(m.Organization))
	}
	if len(m.Allow) > MaxAllow {
		wrong.Add("allow", "must have at most 100 patterns")
	}
	for _, pattern := range m.Allow {
		wrong.Check("allow", checkPattern(pattern))
	}
	if m.MaxFile < 0 {
		wrong.Add("maxFileSize", "must be a number of bytes")
	}
	if m.FreshSeconds < 0 || m.FreshSeconds > MaxFreshSeconds {
		wrong.Add("freshSeconds", "must be between 0 and 604800")
	}
}

func checkPattern(pattern string) error {
	if _, err := path.Match(pattern, ""); err != nil || pattern == "" || len(pattern) > MaxName {
		return errors.New("must be patterns such as debian-*, of at most 100 characters each")
	}
	return nil
}

// Allows reports whether a box of that name may be fetched.
func (m Mirror) Allows(box string) bool {
	if CheckName(box) != nil {
		return false
	}
	for _, pattern := range m.Allow {
		if ok, _ := path.Match(Fold(pattern), Fold(box)); ok {
			return true
		}
	}
	return len(m.Allow) == 0
}

// Addresses are the URLs at which the upstream may have the metadata of a box, the likeliest first
// (vagrant-protocol §1.2).
func (m Mirror) Addresses(organization, box string) []string {
	box = url.PathEscape(box)
	if strings.Contains(m.From, boxMark) {
		return []string{strings.ReplaceAll(m.From, boxMark, box)}
	}
	if m.Organization != "" {
		organization = m.Organization
	}
	base, tag := strings.TrimSuffix(m.From, "/"), url.PathEscape(organization)+"/"+box
	return []string{base + "/" + tag, base + "/api/v2/vagrant/" + tag}
}

// FileLimit is the most bytes a file has.
func (m Mirror) FileLimit() int64 {
	if m.MaxFile == 0 {
		return DefaultMaxFile
	}
	return m.MaxFile
}

// Fresh is for how long the upstream is not asked again about a box.
func (m Mirror) Fresh() time.Duration {
	if m.FreshSeconds == 0 {
		return DefaultFresh
	}
	return time.Duration(m.FreshSeconds) * time.Second
}

// Mirrors reports whether a box of that name may come from the organization's upstream.
func (o Organization) Mirrors(box string) bool {
	return o.Mirror != nil && !o.Suspended && !o.Deleting && o.Mirror.Allows(box)
}

// NewMirroredFile is a file that an upstream lists, at a URL which CheckLink must have passed.
func NewMirroredFile(link string, sum Checksum, now time.Time) File {
	by := "mirror"
	if u, err := url.Parse(link); err == nil {
		by = "mirror of " + u.Hostname() // no user's name: those have no spaces
	}
	f := NewExternalFile(link, sum, by, now)
	f.Source = link
	return f
}

// Wanted reports whether the file is still to be fetched by a mirror.
func (f File) Wanted() bool { return f.Source != "" && f.Elsewhere() }

// Kept is the file once its bytes are in the registry's store. It is the same one, at the same URL of
// ours, with the same count of downloads.
func (f File) Kept(blob string, size int64, sum string, contents Contents, note string) File {
	f.URL, f.Blob, f.Size, f.SHA256, f.Contents, f.Note = "", blob, size, sum, contents, note
	return f
}
