// Package fill makes large registries quickly: straight through the catalog, without a process that
// serves them.
package fill

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/itemstore/local"
	"github.com/boxvault/boxvault/shared/registry"
)

const (
	perOrganization = 100
	// Of one box in so many there are many versions.
	manyEvery    = 1000
	manyVersions = 100
	// writers share commits: it is by them that a large registry is filled in a minute.
	writers = 256
)

// Names tells the box of a number, 0 and up, and its organization. It has the version 1.0.0 for
// virtualbox and amd64.
func Names(box int) (organization, name string) {
	return fmt.Sprintf("org-%04d", box/perOrganization), fmt.Sprintf("box-%06d", box)
}

type filling struct {
	*catalog.Catalog
	owner registry.Account
}

// Data puts so many public boxes into an empty data folder, and does what they leave to the janitor.
// Their files are listed, but not there.
func Data(data string, boxes int) (err error) {
	if err := os.MkdirAll(data, 0o700); err != nil {
		return err
	}
	records, err := local.Open(filepath.Join(data, "records.db"), local.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, records.Close()) }()
	f := filling{
		&catalog.Catalog{Store: records, Now: time.Now},
		registry.Account{ID: registry.NewID(), Username: "filler", Primary: "none"},
	}
	return f.run(boxes)
}

// run fills the registry and does at the same time what follows, so that the records file has no more
// free pages in the end than one that grew slowly.
func (f filling) run(boxes int) error {
	work, filled := make(chan struct{}, 1), make(chan error, 1)
	f.Wake = func() {
		select {
		case work <- struct{}{}:
		default:
		}
	}
	go func() { filled <- f.organizations(boxes) }()
	for over := false; ; {
		done, err := f.sweep()
		switch {
		case err != nil:
			return err
		case done > 0:
		case over:
			return nil
		default:
			select {
			case <-work:
			case err := <-filled:
				if over = true; err != nil {
					return err
				}
			}
		}
	}
}

func (f filling) organizations(boxes int) error {
	each, ctx := errgroup.WithContext(context.Background())
	each.SetLimit(writers)
	for first := 0; first < boxes; first += perOrganization {
		each.Go(func() error { return f.organization(ctx, first, min(first+perOrganization, boxes)) })
	}
	return each.Wait()
}

func (f filling) organization(ctx context.Context, first, end int) error {
	name, _ := Names(first)
	o := registry.Organization{
		ID: registry.NewID(), Name: name, AccessMode: registry.AccessInvite, CreatedAt: f.Now(), UpdatedAt: f.Now(),
	}
	if _, err := f.CreateOrganization(ctx, o, f.owner); err != nil {
		return err
	}
	o, err := f.Organization(ctx, o.Name)
	for i := first; i < end && err == nil; i++ {
		versions := 1
		if i%manyEvery == manyEvery-1 {
			versions = manyVersions
		}
		_, name := Names(i)
		err = f.box(ctx, o, name, versions)
	}
	return err
}

func (f filling) box(ctx context.Context, o registry.Organization, name string, versions int) error {
	b := registry.NewBox(o, name, f.owner.ID, f.Now())
	b.Public, b.ShortDescription = true, "A box like many others"
	if _, err := f.CreateBox(ctx, o, b); err != nil {
		return err
	}
	tree, err := f.Tree(ctx, o, name)
	for i := range versions {
		if err == nil {
			err = f.version(ctx, tree.Box, registry.Number(fmt.Sprintf("%d.0.0", i+1)))
		}
	}
	if err != nil {
		return err
	}
	return f.Reindex(ctx, tree.Box.Ref())
}

func (f filling) version(ctx context.Context, b registry.Box, n registry.Number) error {
	v := registry.NewVersion(b, n, f.Now())
	file := registry.File{
		ID: registry.NewID(), Blob: registry.NewID().String(), Name: "vagrant.box", Size: 1 << 30,
		SHA256: hex.EncodeToString(make([]byte, 32)), Contents: registry.ContentsBox, UploadedBy: f.owner.Username, UploadedAt: f.Now(),
	}
	if _, err := v.Place("virtualbox", "amd64", file, f.Now()); err != nil {
		return err
	}
	return f.CreateVersion(ctx, b, v)
}

// sweep strikes events off the janitor's list, which counts them: nobody listens but the index, which
// has every box already. It tells how many there were.
func (f filling) sweep() (done int, err error) {
	list, err := f.Due(context.Background(), 10*writers)
	if err != nil {
		return 0, err
	}
	each, ctx := errgroup.WithContext(context.Background())
	each.SetLimit(writers)
	for _, d := range list {
		each.Go(func() error { return f.Finish(ctx, d) })
	}
	return len(list), each.Wait()
}
