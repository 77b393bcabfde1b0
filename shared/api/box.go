package api

import "time"

// BoxInput makes or changes a box; what is null or left out stays as it is.
type BoxInput struct {
	Name             *string `json:"name,omitempty" schema:"name"`
	Description      *string `json:"description,omitempty" schema:"maxLength=4096"`
	ShortDescription *string `json:"shortDescription,omitempty" schema:"maxLength=255"`
	Readme           *string `json:"readme,omitempty" schema:"maxLength=65536"`
	IsPublic         *bool   `json:"isPublic,omitempty"`
	// Published false hides a box from all but the members of its organization, as IsPublic false does;
	// left out of a new box, it is true.
	Published    *bool   `json:"published,omitempty"`
	GithubRepo   *string `json:"githubRepo,omitempty"`   // owner/repo; empty for none
	WorkflowFile *string `json:"workflowFile,omitempty"` // name.yml; empty for none
	CICDURL      *string `json:"cicdUrl,omitempty"`      // empty for none
	// Metadata takes the place of all of it. What is not one of the known keys is dropped.
	Metadata *map[string]any `json:"metadata,omitempty"`
}

// Box tells about a box. Versions are there when one box was asked for, the newest first.
type Box struct {
	ID               int64     `json:"id"`
	Name             string    `json:"name"`
	Organization     string    `json:"organization"`
	Tag              string    `json:"tag"` // organization/name
	Description      string    `json:"description"`
	ShortDescription string    `json:"shortDescription"`
	Readme           string    `json:"readme,omitempty"`
	IsPublic         bool      `json:"isPublic"`
	Published        bool      `json:"published"`
	GithubRepo       string    `json:"githubRepo"`
	WorkflowFile     string    `json:"workflowFile"`
	CICDURL          string    `json:"cicdUrl"`
	UserID           int64     `json:"userId"`
	OrganizationID   int64     `json:"organizationId"`
	CreatedAt        time.Time `json:"createdAt"`
	UpdatedAt        time.Time `json:"updatedAt"`
	// Metadata, DownloadCount (of all files that the box ever had) and Versions are there when one box
	// was asked for.
	Metadata      map[string]any `json:"metadata,omitempty"`
	DownloadCount *int64         `json:"downloadCount,omitempty"`
	Versions      []Version      `json:"versions,omitempty"`

	Revised
}

// Watch is a box that the caller watches.
type Watch struct {
	Box
	WatchedAt time.Time `json:"watchedAt"`
}

// Watching is the answer to the wish to watch a box, or no longer to.
type Watching struct {
	Watched bool `json:"watched"`

	// Status of the answer, when it is not the usual one.
	Status int `json:"-"`
}

// HTTPStatus tells a watch that is new from one that was there.
func (w Watching) HTTPStatus() int { return w.Status }

// FoundBox tells about a box in a search. Version is the newest released one, empty for none; providers
// and architectures are those of all released versions, in lower case; UpdatedAt is when the box or
// what is released of it changed last. Downloads are as of a while ago.
type FoundBox struct {
	Box
	Version       string   `json:"version"`
	Providers     []string `json:"providers"`
	Architectures []string `json:"architectures"`
	Downloads     int64    `json:"downloads"`
}

// VersionInput makes or changes a version; what is null or left out stays as it is.
type VersionInput struct {
	VersionNumber *string `json:"versionNumber,omitempty" schema:"version"`
	// Version is another word for VersionNumber.
	Version      *string `json:"version,omitempty" schema:"version"`
	Description  *string `json:"description,omitempty" schema:"maxLength=4096"`
	ReleaseNotes *string `json:"releaseNotes,omitempty" schema:"maxLength=65536"`
	// Release false keeps a version unreleased when its first file is stored.
	Release *bool `json:"release,omitempty"`
	// Deprecated true warns of the version and needs a reason, a new one or one from before.
	Deprecated        *bool   `json:"deprecated,omitempty"`
	DeprecationReason *string `json:"deprecationReason,omitempty"`
	// The existing server's words for ReleaseNotes and DeprecationReason.
	OldReleaseNotes      *string `json:"release_notes,omitempty"`
	OldDeprecationReason *string `json:"deprecation_reason,omitempty"`
}

// NewVersion makes a version.
type NewVersion struct {
	VersionInput
	// Status is revoked for a version that was published elsewhere and taken back there: no file releases
	// it. Left out, it is unreleased.
	Status string `json:"status,omitempty" schema:"enum=unreleased|revoked"`
}

// Version tells about a version of a box.
type Version struct {
	ID            int64  `json:"id"`
	VersionNumber string `json:"versionNumber"`
	Description   string `json:"description"`
	ReleaseNotes  string `json:"releaseNotes"`
	Status        string `json:"status" schema:"enum=unreleased|active|revoked"` // unreleased, active or revoked
	Deprecated    bool   `json:"deprecated"`
	// DeprecationReason stays when a version is deprecated no longer.
	DeprecationReason string     `json:"deprecationReason"`
	BoxID             int64      `json:"boxId"`
	CreatedAt         time.Time  `json:"createdAt"`
	UpdatedAt         time.Time  `json:"updatedAt"`
	Providers         []Provider `json:"providers"`
	// DownloadCount is there when versions were asked for, and then in their files as well.
	DownloadCount *int64 `json:"downloadCount,omitempty"`

	Revised
}

// ProviderInput makes or changes a provider; what is null or left out stays as it is.
type ProviderInput struct {
	Name        *string `json:"name,omitempty" schema:"name"`
	Description *string `json:"description,omitempty" schema:"maxLength=4096"`
}

// Provider tells about a provider of a version.
type Provider struct {
	ID            int64          `json:"id"`
	Name          string         `json:"name"`
	Description   string         `json:"description"`
	VersionID     int64          `json:"versionId"`
	CreatedAt     time.Time      `json:"createdAt"`
	UpdatedAt     time.Time      `json:"updatedAt"`
	Architectures []Architecture `json:"architectures"`

	Revised
}

// ArchitectureInput makes or changes an architecture; what is null or left out stays as it is.
type ArchitectureInput struct {
	Name        *string `json:"name,omitempty" schema:"name"`
	Description *string `json:"description,omitempty" schema:"maxLength=4096"`
	// DefaultBox true makes it the provider's default one, instead of the one before.
	DefaultBox *bool `json:"defaultBox,omitempty"`
}

// Architecture tells about an architecture of a provider. Files has one element once a file is
// stored.
type Architecture struct {
	ID          int64     `json:"id"`
	Name        string    `json:"name"`
	Description string    `json:"description"`
	DefaultBox  bool      `json:"defaultBox"`
	ProviderID  int64     `json:"providerId"`
	CreatedAt   time.Time `json:"createdAt"`
	UpdatedAt   time.Time `json:"updatedAt"`
	Files       []File    `json:"files"`

	Revised
}

// File tells about a stored, verified file.
type File struct {
	ID       int64  `json:"id"`
	FileName string `json:"fileName"`
	FileSize int64  `json:"fileSize"` // bytes; 0 of one that is elsewhere
	// Checksum is hex: the SHA-256 that the registry computed or, of a file that is elsewhere, what its
	// publisher says, empty for nothing.
	Checksum     string    `json:"checksum"`
	ChecksumType string    `json:"checksumType"`
	Contents     string    `json:"contents" schema:"enum=box|unrecognized|elsewhere"` // box, unrecognized or elsewhere
	Warning      string    `json:"warning,omitempty"`
	UploadedBy   string    `json:"uploadedBy"`
	CreatedAt    time.Time `json:"createdAt"`
	// DownloadURL is there when the file itself was asked for, DownloadCount also when its version was.
	DownloadURL   string `json:"downloadUrl,omitempty"`
	DownloadCount *int64 `json:"downloadCount,omitempty"`
}

// DownloadLink is the answer to get-download-link: a URL that needs no token, for a while.
type DownloadLink struct {
	DownloadURL string    `json:"downloadUrl"`
	ExpiresAt   time.Time `json:"expiresAt"`
}

// Metadata is the catalogue of a box as Vagrant and the documented metadata path read it.
// Source of the fields: vagrant's plugins/…/box_metadata.rb and the published API examples.
type Metadata struct {
	Name             string            `json:"name"`
	Description      string            `json:"description"`
	ShortDescription string            `json:"short_description,omitempty"`
	Versions         []MetadataVersion `json:"versions"`
}

// MetadataVersion is a released version in Metadata.
type MetadataVersion struct {
	Version     string             `json:"version"`
	Status      string             `json:"status"`
	Description string             `json:"description_markdown,omitempty"`
	Providers   []MetadataProvider `json:"providers"`
}

// MetadataProvider is a verified file in Metadata.
type MetadataProvider struct {
	Name                string `json:"name"`
	URL                 string `json:"url"`
	ChecksumType        string `json:"checksum_type"`
	Checksum            string `json:"checksum"`
	FileSize            string `json:"fileSize"` // bytes, decimal, as the published examples have it
	Architecture        string `json:"architecture"`
	DefaultArchitecture bool   `json:"default_architecture"`
}
