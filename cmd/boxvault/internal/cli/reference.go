package cli

import (
	"fmt"
	"strings"

	"github.com/boxvault/boxvault/shared/registry"
)

// reference is a box as it is named on the command line: ORG/BOX[@VERSION].
type reference struct {
	organization, box string
	version           registry.Number // empty when none was named
}

func parseReference(s string) (r reference, err error) {
	tag, version, versioned := strings.Cut(s, "@")
	organization, box, ok := strings.Cut(tag, "/")
	if !ok || registry.CheckName(organization) != nil || registry.CheckName(box) != nil {
		return r, usageError{fmt.Errorf("%q is no box: it must look like acme/debian12", s)}
	}
	r = reference{organization: organization, box: box}
	if versioned {
		r.version, err = parseVersion(version)
	}
	return r, err
}

// parseBox is parseReference where a version makes no sense.
func parseBox(s string) (reference, error) {
	r, err := parseReference(s)
	if err == nil && r.version != "" {
		err = usageError{fmt.Errorf("%q: no version goes here", s)}
	}
	return r, err
}

func parseVersion(s string) (registry.Number, error) {
	n, err := registry.ParseNumber(s)
	if err != nil {
		return "", usageError{fmt.Errorf("version %q %w", s, err)}
	}
	return n, nil
}

// tag is ORG/BOX.
func (r reference) tag() string { return r.organization + "/" + r.box }

// target is the reference as far as it leads to a file.
func (r reference) target(provider, architecture string) registry.Target {
	return registry.Target{
		Organization: r.organization, Box: r.box, Version: r.version,
		Provider: provider, Architecture: architecture,
	}
}
