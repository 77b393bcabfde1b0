package hcp

import "time"

// The wire, as github.com/hashicorp/hcp-sdk-go v0.175.0 has it in
// clients/cloud-vagrant-box-registry/stable/2022-09-30/models and clients/cloud-shared/v1/models: JSON of
// protocol buffers, where whole numbers of 64 bits are strings. What that knows and this has not, such as
// descriptions as HTML, may be left out.

// Registry is an organization.
type Registry struct {
	Name        string    `json:"name"`
	Description string    `json:"description"`
	Activated   bool      `json:"activated"` // always
	Location    Location  `json:"location"`
	Boxes       []Box     `json:"boxes,omitempty"` // when it is expanded
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
}

// Location is where HashiCorp's cloud has something. An organization has one project here, and both are
// called as it is.
type Location struct {
	OrganizationID string `json:"organization_id"`
	ProjectID      string `json:"project_id"`
}

// Box tells about a box.
type Box struct {
	Name             string `json:"name"`
	Description      string `json:"description"`
	ShortDescription string `json:"short_description"`
	IsPrivate        bool   `json:"is_private"`
	Downloads        string `json:"downloads,omitempty"`
	// State and Summary are there when its versions were looked at: for one box, and for a list that
	// is expanded.
	State     string      `json:"state,omitempty" schema:"enum=INACTIVE_OR_UNSPECIFIED|NO_VERSIONS|NO_RELEASED_VERSIONS|NO_PROVIDERS|AVAILABLE"`
	Summary   *BoxSummary `json:"summary,omitempty"`
	Versions  []Version   `json:"versions,omitempty"` // when it is expanded; the newest first
	CreatedAt time.Time   `json:"created_at"`
	UpdatedAt time.Time   `json:"updated_at"`
}

// BoxSummary counts what is in a box.
type BoxSummary struct {
	ProviderNames []string `json:"provider_names"`
	VersionsCount string   `json:"versions_count"`
}

// Version tells about a version of a box.
type Version struct {
	Name        string         `json:"name"`
	Description string         `json:"description"`
	State       string         `json:"state" schema:"enum=UNRELEASED|ACTIVE|REVOKED"`
	Summary     VersionSummary `json:"summary"`
	Providers   []Provider     `json:"providers,omitempty"` // when it is expanded
	CreatedAt   time.Time      `json:"created_at"`
	UpdatedAt   time.Time      `json:"updated_at"`
}

// VersionSummary counts what is in a version.
type VersionSummary struct {
	ProviderNames  []string `json:"provider_names"`
	ProvidersCount string   `json:"providers_count"`
}

// Provider tells about a provider of a version.
type Provider struct {
	Name          string          `json:"name"`
	Summary       ProviderSummary `json:"summary"`
	Architectures []Architecture  `json:"architectures,omitempty"` // when it is expanded
	CreatedAt     time.Time       `json:"created_at"`
	UpdatedAt     time.Time       `json:"updated_at"`
}

// ProviderSummary counts what is in a provider.
type ProviderSummary struct {
	ArchitectureTypes  []string `json:"architecture_types"`
	ArchitecturesCount string   `json:"architectures_count"`
}

// Architecture tells about an architecture of a provider.
type Architecture struct {
	ArchitectureType string    `json:"architecture_type"`
	Default          bool      `json:"default"`
	BoxData          BoxData   `json:"box_data"`
	CreatedAt        time.Time `json:"created_at"`
	UpdatedAt        time.Time `json:"updated_at"`
}

// BoxData tells about a file; of one that is still to come, what it is to be.
type BoxData struct {
	DownloadURL  string     `json:"download_url,omitempty"` // empty as long as there is no file
	Checksum     string     `json:"checksum,omitempty"`     // hex
	ChecksumType string     `json:"checksum_type" schema:"enum=NONE|MD5|SHA1|SHA256|SHA384|SHA512"`
	Size         string     `json:"size,omitempty"` // bytes
	CreatedAt    *time.Time `json:"created_at,omitempty"`
}

// Operation is something that goes on behind requests in HashiCorp's cloud. Here all is done when the
// request is answered, so its state is DONE.
type Operation struct {
	ID        string    `json:"id"`
	State     string    `json:"state" schema:"const=DONE"`
	Location  Location  `json:"location"`
	Link      Link      `json:"link"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// Link names what an operation is about.
type Link struct {
	ID       string   `json:"id"`
	Type     string   `json:"type"` // hashicorp.vagrant.registry or hashicorp.vagrant.box
	Location Location `json:"location"`
}

// Pagination tells where a list goes on; empty on its last page.
type Pagination struct {
	NextPageToken string `json:"next_page_token,omitempty"`
}

// Empty is the answer of an operation that has none.
type Empty struct{}
