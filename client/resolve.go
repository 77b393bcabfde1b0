package client

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// Resolve fills in what a target leaves open, and tells about the file it leads to: the newest
// released version; the provider, if there is only one; and of its architectures the only one, or
// that of this machine, or the default one, as Vagrant would choose. The error is an Invalid one
// that lists what there is when that does not decide.
func (c *Client) Resolve(ctx context.Context, t registry.Target) (registry.Target, api.File, error) {
	if t.Version == "" {
		m, err := c.Metadata(ctx, t.Organization, t.Box)
		if err != nil {
			return t, api.File{}, err
		}
		if len(m.Versions) == 0 {
			return t, api.File{}, registry.Errorf(registry.NotFound, "%s/%s has no released version", t.Organization, t.Box)
		}
		t.Version = newest(m.Versions)
	}
	v, err := c.Version(ctx, t.Organization, t.Box, string(t.Version))
	if err != nil {
		return t, api.File{}, err
	}
	t.Version = registry.Number(v.VersionNumber)
	return choose(v, t, hostArchitecture())
}

// newest is the highest version number.
func newest(versions []api.MetadataVersion) registry.Number {
	highest := slices.MaxFunc(versions, func(a, b api.MetadataVersion) int {
		return registry.Number(a.Version).Compare(registry.Number(b.Version))
	})
	return registry.Number(highest.Version)
}

// choose finds the one file of a version that the target means.
func choose(v api.Version, t registry.Target, host string) (registry.Target, api.File, error) {
	provider, err := pick("provider", t.Provider, withFiles(v.Providers),
		func(p api.Provider) string { return p.Name })
	if err != nil {
		return t, api.File{}, err
	}
	t.Provider = provider.Name
	architecture, err := pick("architecture", t.Architecture, provider.Architectures,
		func(a api.Architecture) string { return a.Name },
		func(a api.Architecture) bool { return a.Name == host },
		func(a api.Architecture) bool { return a.DefaultBox })
	if err != nil {
		return t, api.File{}, err
	}
	t.Architecture = architecture.Name
	return t, architecture.Files[0], nil
}

// withFiles leaves out the providers and architectures that have no file.
func withFiles(all []api.Provider) (some []api.Provider) {
	for _, p := range all {
		p.Architectures = slices.DeleteFunc(slices.Clone(p.Architectures), func(a api.Architecture) bool { return len(a.Files) == 0 })
		if len(p.Architectures) > 0 {
			some = append(some, p)
		}
	}
	return some
}

// pick returns the item of that name; without a name, the only one, or the first that meets the
// earliest preference that any meets.
func pick[T any](what, name string, items []T, nameOf func(T) string, preferences ...func(T) bool) (one T, err error) {
	names := make([]string, len(items))
	for i, item := range items {
		names[i] = nameOf(item)
		if registry.SameName(names[i], name) {
			return item, nil
		}
	}
	switch {
	case len(items) == 0:
		return one, registry.Errorf(registry.NotFound, "the version has no file yet")
	case name != "":
		return one, registry.Errorf(registry.NotFound, "the version has no %s %s: there is %s", what, name, strings.Join(names, ", "))
	case len(items) == 1:
		return items[0], nil
	}
	for _, preferred := range preferences {
		if i := slices.IndexFunc(items, preferred); i >= 0 {
			return items[i], nil
		}
	}
	return one, registry.Errorf(registry.Invalid, "the version has more than one %s: choose one of %s", what, strings.Join(names, ", "))
}

// hostArchitecture is this machine's, as Vagrant names it.
func hostArchitecture() string {
	if runtime.GOARCH == "386" {
		return "i386"
	}
	return runtime.GOARCH
}

// FileName is the name that a target's file is kept under when nobody says otherwise.
func FileName(t registry.Target) string {
	return fmt.Sprintf("%s_%s_%s_%s.box", t.Box, t.Version, t.Provider, t.Architecture)
}
