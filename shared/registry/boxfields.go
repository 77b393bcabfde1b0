package registry

import (
	"encoding/json"
	"errors"
	"net/url"
	"regexp"
	"slices"
)

// Check says what is wrong with a box: all of it at once, by the names of the fields in JSON.
func (b Box) Check() error {
	var wrong Fields
	wrong.Check("name", CheckName(b.Name))
	wrong.Check("description", CheckText(b.Description, MaxDescription))
	wrong.Check("shortDescription", CheckText(b.ShortDescription, 255))
	wrong.Check("readme", CheckText(b.Readme, 64<<10))
	wrong.Check("githubRepo", CheckRepository(b.GithubRepo))
	wrong.Check("workflowFile", CheckWorkflow(b.WorkflowFile))
	wrong.Check("cicdUrl", CheckLink(b.CICDURL))
	wrong.Check("metadata", b.Metadata.Check())
	return wrong.Err()
}

// MaxDescription is the most characters that a description of anything has.
const MaxDescription = 4096

// BoxMetadata says what is in a box, by the keys that the existing server knows. Values are any JSON.
type BoxMetadata map[string]any

// metadataKeys are the keys a BoxMetadata may have.
var metadataKeys = []string{
	"distro", "distro_version", "os_name", "vm_type", "desktop", "username", "password", "communicator",
	"cpus", "memory_mb", "disks", "cdroms", "providers", "built", "core_provisioner_version", "driver_version",
}

// Known is the metadata less what no key is known for, which is dropped without a word as the existing
// server does; nil when nothing is left.
func (m BoxMetadata) Known() BoxMetadata {
	known := BoxMetadata{}
	for key, value := range m {
		if value != nil && slices.Contains(metadataKeys, key) {
			known[key] = value
		}
	}
	if len(known) == 0 {
		return nil
	}
	return known
}

// maxMetadata is the most bytes of a box's metadata, as JSON.
const maxMetadata = 16 << 10

// Check says what is wrong with the metadata.
func (m BoxMetadata) Check() error {
	if raw, err := json.Marshal(m); err != nil || len(raw) > maxMetadata {
		return errors.New("must have at most 16 KiB")
	}
	return nil
}

var (
	repositoryPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}$`)
	workflowPattern   = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]{0,95}\.ya?ml$`)
)

// CheckRepository says what is wrong with the name of a repository on GitHub; empty is none.
func CheckRepository(name string) error {
	if name != "" && !repositoryPattern.MatchString(name) {
		return errors.New("must look like owner/repo")
	}
	return nil
}

// CheckWorkflow says what is wrong with the name of a workflow's file; empty is none.
func CheckWorkflow(name string) error {
	if name != "" && !workflowPattern.MatchString(name) {
		return errors.New("must be the name of a .yml or .yaml file")
	}
	return nil
}

// CheckLink says what is wrong with a link that people are to follow; empty is none. A link that holds
// credentials would show them to everyone.
func CheckLink(link string) error {
	if link == "" {
		return nil
	}
	u, err := url.Parse(link)
	if err != nil || len(link) > 2048 || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		return errors.New("must be a URL that begins with https:// or http://, without credentials")
	}
	return nil
}
