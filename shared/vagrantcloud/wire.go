// Package vagrantcloud is the wire of Vagrant Cloud's API, v1 and v2: the JSON that `vagrant cloud` and
// Packer's vagrant-cloud post-processor send and read.
//
// Sources: website/content/vagrant-cloud/api/v2.mdx of hashicorp/vagrant, and what the clients
// themselves were seen to send (the vagrant_cloud gem 3.0.5 and 3.1.3, Packer 1.6.6). Clients send null for
// what they have not loaded: null, and what is left out, changes nothing.
package vagrantcloud

import (
	"encoding/json"
	"time"
)

// Login asks for a token by user name and password.
type Login struct {
	User struct {
		Login    string `json:"login" schema:"minLength=1"`
		Password string `json:"password" schema:"minLength=1,format=password"`
	} `json:"user"`
	Token struct {
		Description string `json:"description,omitempty"`
	} `json:"token,omitempty"`
}

// Token is the answer to a Login. Clients read nothing but the token.
type Token struct {
	Token       string    `json:"token"`
	Description string    `json:"description"`
	CreatedAt   time.Time `json:"created_at"`
}

// Authenticated tells whose token it is.
type Authenticated struct {
	User struct {
		Username string `json:"username"`
	} `json:"user"`
}

// User is an organization with its boxes, without their versions; also a person, who has none.
type User struct {
	Username        string `json:"username"`
	AvatarURL       string `json:"avatar_url"`
	ProfileHTML     string `json:"profile_html"`
	ProfileMarkdown string `json:"profile_markdown"`
	Boxes           []Box  `json:"boxes"`
}

// Found is what a search ends with. The gem fails on any key that is not one of Box's.
type Found struct {
	Boxes []Box `json:"boxes"`
}

// Box tells about a box.
type Box struct {
	CreatedAt           time.Time `json:"created_at"`
	UpdatedAt           time.Time `json:"updated_at"`
	Tag                 string    `json:"tag"` // username/name
	Name                string    `json:"name"`
	Username            string    `json:"username"`
	ShortDescription    string    `json:"short_description"`
	Description         string    `json:"description"`
	DescriptionHTML     string    `json:"description_html"`
	DescriptionMarkdown string    `json:"description_markdown"`
	Private             bool      `json:"private"`
	Downloads           int64     `json:"downloads"`
	// CurrentVersion is the newest released one that has a file; null for none.
	CurrentVersion *Version `json:"current_version"`
	// Versions are there when one box was asked for: all that the caller may see.
	Versions *[]Version `json:"versions,omitempty"`
}

// Version tells about a version of a box. Status is unreleased, active or revoked.
type Version struct {
	Version             string     `json:"version"`
	Status              string     `json:"status" schema:"enum=unreleased|active|revoked"`
	Number              string     `json:"number"`
	Description         string     `json:"description"`
	DescriptionHTML     string     `json:"description_html"`
	DescriptionMarkdown string     `json:"description_markdown"`
	CreatedAt           time.Time  `json:"created_at"`
	UpdatedAt           time.Time  `json:"updated_at"`
	ReleaseURL          string     `json:"release_url"`
	RevokeURL           string     `json:"revoke_url"`
	Providers           []Provider `json:"providers"`
}

// Provider is one architecture of a provider, and its file. The default architecture comes last.
type Provider struct {
	Name        string  `json:"name"`
	Hosted      bool    `json:"hosted"`       // its file is, or is to be, with the registry
	HostedToken *string `json:"hosted_token"` // null
	// OriginalURL and URL are where the file is that is not; null for one that is.
	OriginalURL *string `json:"original_url"`
	URL         *string `json:"url"`
	// DownloadURL is null as long as there is no file.
	DownloadURL         *string   `json:"download_url"`
	Checksum            *string   `json:"checksum"`      // hex; null for none
	ChecksumType        *string   `json:"checksum_type"` // md5, sha1, sha256, sha384 or sha512
	Architecture        string    `json:"architecture"`
	DefaultArchitecture bool      `json:"default_architecture"`
	CreatedAt           time.Time `json:"created_at"`
	UpdatedAt           time.Time `json:"updated_at"`
}

// BoxInput makes or changes a box: the fields by themselves, or, as gem 3.1.3 sends them, in `box`.
type BoxInput struct {
	BoxFields
	Wrapped *BoxFields `json:"box,omitempty"`
}

// BoxFields are what is told of a box.
type BoxFields struct {
	Username         *string `json:"username,omitempty"` // of a new box: its organization
	Name             *string `json:"name,omitempty" schema:"name"`
	ShortDescription *string `json:"short_description,omitempty" schema:"maxLength=255"`
	Description      *string `json:"description,omitempty" schema:"maxLength=4096"`
	// IsPrivate is true for a new box that does not say.
	IsPrivate *bool `json:"is_private,omitempty"`
}

// Fields are those that were sent, wherever.
func (in BoxInput) Fields() BoxFields {
	if in.Wrapped != nil {
		return *in.Wrapped
	}
	return in.BoxFields
}

// VersionInput makes or changes a version: the fields in `version`, or by themselves.
type VersionInput struct {
	Version     VersionFields `json:"version"`
	Description *string       `json:"description,omitempty" schema:"maxLength=4096"`
}

// VersionFields are what is told of a version.
type VersionFields struct {
	Version     *string `json:"version,omitempty" schema:"version"`
	Description *string `json:"description,omitempty" schema:"maxLength=4096"`
}

// UnmarshalJSON also takes a number by itself.
func (f *VersionFields) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '"' {
		return json.Unmarshal(raw, &f.Version)
	}
	type fields VersionFields
	return json.Unmarshal(raw, (*fields)(f))
}

// Fields are those that were sent, wherever.
func (in VersionInput) Fields() VersionFields {
	f := in.Version
	if f.Description == nil {
		f.Description = in.Description
	}
	return f
}

// ProviderInput makes or changes a provider: the fields in `provider`, or by themselves.
type ProviderInput struct {
	ProviderFields
	Wrapped *ProviderFields `json:"provider,omitempty"`
}

// ProviderFields are what is told of a provider.
type ProviderFields struct {
	Name *string `json:"name,omitempty" schema:"name"`
	// URL is where the file is, if it is not going to be uploaded.
	URL *string `json:"url,omitempty"`
	// Checksum, hex, and ChecksumType are those of the file at URL, or of the one that comes next.
	Checksum     *string `json:"checksum,omitempty"`
	ChecksumType *string `json:"checksum_type,omitempty"`
	// Architecture is the one that it is to have, "unknown" for a new one that does not say.
	Architecture        *string `json:"architecture,omitempty"`
	DefaultArchitecture *bool   `json:"default_architecture,omitempty"`
}

// Fields are those that were sent, wherever.
func (in ProviderInput) Fields() ProviderFields {
	if in.Wrapped != nil {
		return *in.Wrapped
	}
	return in.ProviderFields
}

// Upload says where a file is to be PUT.
type Upload struct {
	UploadPath string `json:"upload_path"`
	// Callback is to be PUT, with a token, once the file is there; left out where the upload itself ends
	// it.
	Callback string `json:"callback,omitempty"`
}
