package mirror

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

const (
	// refreshTime is how long asking and writing may take together: less than API Gateway waits.
	refreshTime  = 20 * time.Second
	refreshTries = 5
)

// Refresh brings a box of a mirroring organization up to what the upstream lists, and makes it when it is
// not there: once for all who ask at the same time. NotFound when the upstream has no such box, or may
// not be asked for it; Upstream when it does not tell. What is there stays as it is then.
func (m *Mirrors) Refresh(ctx context.Context, o registry.Organization, box string) error {
	key := fmt.Sprint(o.ID, "/", registry.Fold(box), "#", o.Rev) // other settings are tried at once
	if err := m.rests.find(key, m.Now()); err != nil {
		return err
	}
	done := m.refreshes.DoChan(key, func() (any, error) {
		ctx, cancel := context.WithTimeout(registry.WithAuthor(context.WithoutCancel(ctx), registry.Author{}), refreshTime)
		defer cancel()
		err := registry.Again(refreshTries, func() error { return final(m.refresh(ctx, o.Home, box)) })
		m.failed(key, o, box, err)
		return nil, err
	})
	select {
	case r := <-done:
		return r.Err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// final keeps an upstream that fails from being asked again at once: only our own writes are. What is
// wrong with its metadata is no fault of who asks.
func final(err error) error {
	if kind := registry.KindOf(err); kind == registry.Upstream || kind == registry.Invalid {
		return registry.Errorf(registry.Upstream, "%s", err)
	}
	return err
}

// failed logs that an upstream failed, and lets it rest.
func (m *Mirrors) failed(key string, o registry.Organization, box string, err error) {
	switch registry.KindOf(err) {
	case registry.NotFound:
	case registry.Upstream:
		m.Log.Warn("mirror", slog.String("organization", o.Name), slog.String("box", box), slog.String("error", err.Error()))
	default:
		return
	}
	m.rests.put(key, err, m.Now())
}

func (m *Mirrors) refresh(ctx context.Context, home, name string) error {
	o, err := m.Catalog.Organization(ctx, home)
	if err != nil {
		return err
	}
	tree, err := m.Catalog.Tree(ctx, o, name)
	known := err == nil
	switch {
	case err != nil && registry.KindOf(err) != registry.NotFound:
		return err
	case known && tree.Fresh(): // another process was quicker
		return nil
	case known && tree.Box.Mirrored != "":
		name = tree.Box.Mirrored
	}
	if !o.Mirrors(name) {
		return registry.Missing("box")
	}
	// One that people made is asked about too, for nothing: who may not see it must not learn by the
	// answer that it is there.
	d, err := m.upstream.document(ctx, o.Mirror.Addresses(o.Name, name))
	if known && tree.Box.Mirrored != "" && registry.KindOf(err) == registry.NotFound {
		return m.Catalog.MarkFresh(ctx, tree.Box, m.Now().Add(o.Mirror.Fresh()))
	}
	if err != nil {
		return err
	}
	if !known {
		if tree, err = m.create(ctx, o, name, d); err != nil {
			return err
		}
	}
	return m.update(ctx, tree, d, known)
}

// create makes the box that a document is about.
func (m *Mirrors) create(ctx context.Context, o registry.Organization, name string, d document) (catalog.Tree, error) {
	if _, theirs, _ := strings.Cut(d.Name, "/"); registry.SameName(theirs, name) {
		name = theirs // as it is written there
	}
	b := registry.NewBox(o, name, 0, m.Now())
	b.Mirrored, b.Public = name, !o.Mirror.Private
	b.Description, b.ShortDescription = text(d.Description, registry.MaxDescription), text(d.ShortDescription, 255)
	if err := b.Check(); err != nil {
		return catalog.Tree{}, err
	}
	_, err := m.Catalog.CreateBox(ctx, o, b)
	if err != nil && registry.KindOf(err) != registry.Conflict { // another process made it meanwhile
		return catalog.Tree{}, err
	}
	tree, readErr := m.Catalog.Tree(ctx, o, name)
	if err != nil && readErr != nil {
		return tree, err // it was the organization that has changed
	}
	return tree, readErr
}

// update writes what is new, and that the upstream was asked.
func (m *Mirrors) update(ctx context.Context, tree catalog.Tree, d document, told bool) error {
	b := tree.Box
	if b.Mirrored == "" { // people made it
		return nil
	}
	have, err := tree.Versions()
	if err != nil {
		return err
	}
	l := listingOf(d, b, m.Now())
	added, changed := l.compare(have)
	m.logSkipped(b, l.skipped)
	for _, v := range changed {
		if err := m.Catalog.SaveVersion(ctx, b, v, registry.VersionUpdated); err != nil {
			return err
		}
	}
	if err := m.Catalog.AddVersions(ctx, b, added, told); err != nil {
		return again(err)
	}
	return m.Catalog.MarkFresh(ctx, b, m.Now().Add(tree.Organization.Mirror.Fresh()))
}

// again has all be read anew when another has made one of the versions meanwhile.
func again(err error) error {
	if registry.KindOf(err) == registry.Conflict {
		e := registry.Errorf(registry.Conflict, "%s", err)
		e.Retry = true
		return e
	}
	return err
}

// maxSkipped bounds a line of the log.
const maxSkipped = 20

func (m *Mirrors) logSkipped(b registry.Box, skipped []string) {
	if len(skipped) > 0 {
		m.Log.Warn("mirror", slog.String("box", b.Tag()), slog.Int("skipped", len(skipped)),
			slog.Any("why", skipped[:min(len(skipped), maxSkipped)]))
	}
}
