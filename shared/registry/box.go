package registry

import "time"

// Box is a named line of versions in an organization.
type Box struct {
	ID ID `json:"id"`
	// Organization is the name of the organization when the box is read.
	Organization     string `json:"-"`
	OrganizationID   ID     `json:"organizationId"`
	Name             string `json:"name"`
	Description      string `json:"description,omitempty"`
	ShortDescription string `json:"shortDescription,omitempty"`
	Readme           string `json:"readme,omitempty"`
	// Public boxes are seen and downloaded by anyone; others, and all that are Unpublished, by
	// members only.
	Public      bool `json:"public"`
	Unpublished bool `json:"unpublished,omitempty"`
	// GithubRepo, WorkflowFile and CICDURL lead to what builds the box.
	GithubRepo   string      `json:"githubRepo,omitempty"`
	WorkflowFile string      `json:"workflowFile,omitempty"`
	CICDURL      string      `json:"cicdUrl,omitempty"`
	Metadata     BoxMetadata `json:"metadata,omitempty"`
	// Mirrored is the name upstream of a box that a mirror made; empty for one that people made.
	Mirrored  string    `json:"mirrored,omitempty"`
	Creator   ID        `json:"creator"`
	CreatedAt time.Time `json:"createdAt"`
	UpdatedAt time.Time `json:"updatedAt"`
	// Place is the home of the organization, Home where the versions are kept, `place/box` folded:
	// the first name the box had. A renamed box keeps it, so that a rename moves one record and
	// not all versions.
	Place string `json:"place"`
	Home  string `json:"home"`
	// OrganizationEra is the organization's when the box was made; Era is that of the box's own
	// versions.
	OrganizationEra Era `json:"organizationEra,omitempty"`
	Era             Era `json:"era,omitempty"`

	Revision
}

// Era counts how often all boxes of an organization, or all versions of a box, were deleted at once.
// What is of an earlier era does not exist any more, so that one record takes them all out of sight.
type Era int

// NewBox makes a private box of an organization.
func NewBox(o Organization, name string, creator ID, now time.Time) Box {
	return Box{
		ID: NewID(), Organization: o.Name, OrganizationID: o.ID, OrganizationEra: o.Era, Place: o.Home,
		Name: name, Creator: creator, CreatedAt: now, UpdatedAt: now,
	}
}

// Open reports whether everyone may see the box.
func (b Box) Open() bool { return b.Public && !b.Unpublished }

// Has reports whether a version is one of the box's. Where a box is kept, there may be some left over
// from earlier ones.
func (b Box) Has(v Version) bool { return v.Box == b.ID && v.BoxEra == b.Era }

// Tag is `org/box`, as Vagrant names a box.
func (b Box) Tag() string { return b.Organization + "/" + b.Name }

// BoxRef finds a box that may be renamed or replaced before it is looked for: Place is the home of
// its organization, Name what the box was called then.
type BoxRef struct {
	ID    ID     `json:"id"`
	Place string `json:"place"`
	Name  string `json:"name"`
}

// Ref is what finds the box again.
func (b Box) Ref() BoxRef { return BoxRef{ID: b.ID, Place: b.Place, Name: b.Name} }

// Version is one version of a box with all that belongs to it. It is one record, so that
// everything about a version changes at once or not at all.
type Version struct {
	ID           ID     `json:"id"`
	Box          ID     `json:"box"`
	BoxEra       Era    `json:"boxEra,omitempty"`
	Number       Number `json:"number"`
	Description  string `json:"description,omitempty"`
	ReleaseNotes string `json:"releaseNotes,omitempty"`
	Status       Status `json:"status"`
	// Hold keeps the version from being released by its first file.
	Hold bool `json:"hold,omitempty"`
	// Deprecated versions are listed as before, with a warning: their DeprecationReason.
	Deprecated        bool   `json:"deprecated,omitempty"`
	DeprecationReason string `json:"deprecationReason,omitempty"`

	Providers []Provider `json:"providers,omitempty"`
	CreatedAt time.Time  `json:"createdAt"`
	UpdatedAt time.Time  `json:"updatedAt"`

	Revision
}

// Status is where a version is in its life: unreleased, then active, then perhaps revoked.
type Status string

// The states, in Vagrant Cloud's words.
const (
	Unreleased Status = "unreleased"
	Active     Status = "active"
	Revoked    Status = "revoked"
)

// Provider is the hypervisor that a build of a version is for.
type Provider struct {
	ID            ID             `json:"id"`
	Name          string         `json:"name"`
	Description   string         `json:"description,omitempty"`
	Architectures []Architecture `json:"architectures,omitempty"`
	CreatedAt     time.Time      `json:"createdAt"`
	UpdatedAt     time.Time      `json:"updatedAt"`
}

// Architecture is the machine that a build is for. Exactly one of a provider's is its default.
type Architecture struct {
	ID          ID     `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	Default     bool   `json:"default,omitempty"`
	File        *File  `json:"file,omitempty"`
	// Expected is the checksum that the next file must have; nil when nobody said.
	Expected  *Checksum `json:"expected,omitempty"`
	CreatedAt time.Time `json:"createdAt"`
	UpdatedAt time.Time `json:"updatedAt"`
}

// UnknownArchitecture is the architecture of a build that names none (Vagrant before 2.4).
const UnknownArchitecture = "unknown"

// File is a verified box file, or one that is kept elsewhere.
type File struct {
	ID   ID     `json:"id"`
	Blob string `json:"blob,omitempty"` // its key in the blob store
	Name string `json:"name"`
	Size int64  `json:"size"` // bytes; 0 of one that is elsewhere
	// SHA256 was computed by the registry over the stored bytes, lower-case hex.
	SHA256 string `json:"sha256,omitempty"`
	// URL is where a file is that is kept elsewhere; Declared is what its publisher says of it.
	URL      string   `json:"url,omitempty"`
	Declared Checksum `json:"declared,omitzero"`
	// Source is where a mirror has found the file; empty for one that people gave. It stays when the
	// file was fetched and URL is empty.
	Source string `json:"source,omitempty"`
	// Distinct files have their ID in their URL: at the plain one there was, or may have been, another
	// file a short while ago.
	Distinct   bool      `json:"distinct,omitempty"`
	Contents   Contents  `json:"contents"`
	Note       string    `json:"note,omitempty"` // why it is unrecognized, for people
	UploadedBy string    `json:"uploadedBy"`
	UploadedAt time.Time `json:"uploadedAt"`
}

// Contents says what the bytes of a file are.
type Contents string

// What a file can be.
const (
	ContentsBox          Contents = "box"          // an archive with a metadata.json that names a provider
	ContentsUnrecognized Contents = "unrecognized" // kept, with a warning
	ContentsElsewhere    Contents = "elsewhere"    // at a URL that its publisher gave
)
