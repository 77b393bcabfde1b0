package source

import (
	"context"
	"sync"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// boxVault is another BoxVault registry.
type boxVault struct {
	c *client.Client

	mu sync.Mutex
	// trusted is set once the token was found good, or when there is none.
	trusted bool
}

func openBoxVault(o Options) (Source, error) {
	token := o.Getenv(tokenVariable)
	c, err := client.New(o.From, token, o.Client...)
	return &boxVault{c: c, trusted: token == ""}, err
}

// trust makes sure that the token is good: with a bad one, what is public is shown as to a stranger, and the
// rest would be missing without a word.
func (b *boxVault) trust(ctx context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.trusted {
		return nil
	}
	_, err := b.c.User(ctx)
	switch kind := registry.KindOf(err); kind {
	case registry.Unauthenticated, registry.TokenExpired:
		return registry.Errorf(kind, "the token of the source is wrong or expired (401)")
	}
	b.trusted = err == nil
	return err
}

// isBoxVault asks a server whether it is a BoxVault registry. Unreachable when it is none at all.
func isBoxVault(ctx context.Context, c *client.Client) (bool, error) {
	health, err := client.Get[api.Health](ctx, c, "/api/health", "")
	return err == nil && health.Status != "" && health.Version != "" && !health.Timestamp.IsZero(), unreachable(err)
}

func (b *boxVault) Boxes(ctx context.Context, organization string) (names []string, err error) {
	if err := b.trust(ctx); err != nil {
		return nil, err
	}
	for box, err := range b.c.Boxes(ctx, organization) {
		if err != nil {
			return nil, err
		}
		names = append(names, box.Name)
	}
	return names, nil
}

func (b *boxVault) Box(ctx context.Context, organization, name string) (Box, error) {
	if err := b.trust(ctx); err != nil {
		return Box{}, err
	}
	from, err := b.c.Box(ctx, organization, name)
	if err != nil {
		return Box{}, err
	}
	box := Box{
		Organization: from.Organization, Name: from.Name, Private: !from.IsPublic || !from.Published,
		Description: from.Description, ShortDescription: from.ShortDescription, Readme: from.Readme,
	}
	for _, v := range from.Versions {
		box.Versions = append(box.Versions, b.version(box, v))
	}
	return box, nil
}

func (b *boxVault) version(box Box, from api.Version) Version {
	v := Version{
		Number: from.VersionNumber, Status: registry.Status(from.Status),
		Description: from.Description, ReleaseNotes: from.ReleaseNotes,
	}
	for _, p := range from.Providers {
		for _, a := range p.Architectures {
			target := registry.Target{
				Organization: box.Organization, Box: box.Name, Version: registry.Number(v.Number), Provider: p.Name, Architecture: a.Name,
			}
			for _, file := range a.Files {
				v.Files = append(v.Files, b.file(target, file, a.DefaultBox))
			}
		}
	}
	return v
}

func (b *boxVault) file(t registry.Target, from api.File, isDefault bool) File {
	size := from.FileSize
	if from.Contents == string(registry.ContentsElsewhere) { // it is fetched from there
		size = -1
	}
	return File{
		Provider: t.Provider, Architecture: t.Architecture, Default: isDefault,
		Name: from.FileName, Size: size, Checksum: from.Checksum, ChecksumType: from.ChecksumType, Modified: from.CreatedAt,
	}.web(b.c, at(b.c.FileURL(t)))
}
