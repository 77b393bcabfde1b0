package catalog_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// A box with all its versions is more than a page of the store.
func TestATreeIsReadWhole(t *testing.T) {
	onEachStore(t, func(e *env) {
		b := e.box("debian")
		var want []registry.Number
		for _, n := range strings.Fields("1.0 1.1 1.2 1.3 1.4 1.5 1.6 1.7 1.8 1.9 1.10 1.11") {
			v := registry.Version{ID: registry.NewID(), Box: b.ID, Number: registry.Number(n), ReleaseNotes: strings.Repeat("n", 300<<10)}
			e.must(e.CreateVersion(e.Context(), b, v))
			want = append(want, v.Number)
		}
		if got := e.versions("ACME", "Debian"); !slices.Equal(got, want) {
			e.Errorf("the versions are %v", got)
		}
	})
}

// The stamp is what a cache goes by.
func TestTheStampOfATreeChangesWithEverythingInIt(t *testing.T) {
	onEachStore(t, func(e *env) {
		b := e.box("debian")
		seen := map[string]string{}
		look := func(what string, changed bool) {
			e.Helper()
			tree, err := e.tree("acme", b.Name)
			e.must(err)
			if before, known := seen[tree.Stamp()]; known == changed {
				e.Errorf("%s: the stamp is %s, known from %q", what, tree.Stamp(), before)
			}
			seen[tree.Stamp()] = what
			b = tree.Box
		}
		look("new", true)
		look("nothing", false)
		e.must(e.SaveBox(e.Context(), b, registry.BoxUpdated))
		look("saved", true)
		e.version(b, "1.0", "blob")
		look("version", true)
		a, err := e.BoxAccess(e.Context(), 0, "acme", "debian", catalog.Wanted{Number: "1.0.0"})
		e.must(err)
		e.must(e.SaveVersion(e.Context(), b, *a.Version, registry.VersionUpdated))
		look("version saved", true)
		b, err = e.RenameBox(e.Context(), b, "fedora")
		e.must(err)
		look("renamed", true)
		a, err = e.BoxAccess(e.Context(), 0, "acme", "fedora", catalog.Wanted{Number: "1.0"})
		e.must(err)
		e.must(e.SaveVersion(e.Context(), b, *a.Version, registry.VersionUpdated))
		look("version of the renamed saved", true)
		a, err = e.BoxAccess(e.Context(), 0, "acme", "fedora", catalog.Wanted{Number: "1.0"})
		e.must(err)
		e.must(e.DeleteVersion(e.Context(), b, *a.Version))
		look("version deleted", true)
		e.must(e.DeleteBox(e.Context(), b))
		e.box("fedora")
		look("made anew", true)
	})
}

// Who writes what another one has changed meanwhile is told, and may try again.
func TestAChangeInBetweenIsAConflict(t *testing.T) {
	onEachStore(t, func(e *env) {
		stale := e.box("debian")
		e.version(stale, "1.0", "blob")
		a, err := e.BoxAccess(e.Context(), 0, "acme", "debian", catalog.Wanted{Number: "1.0"})
		e.must(err)
		e.must(e.SaveVersion(e.Context(), stale, *a.Version, registry.VersionUpdated))
		e.must(e.SaveBox(e.Context(), stale, registry.BoxUpdated))
		_, renameErr := e.RenameBox(e.Context(), stale, "other")
		_, renumberErr := e.RenumberVersion(e.Context(), a.Box, *a.Version, "2.0")
		for what, err := range map[string]error{
			"box saved": e.SaveBox(e.Context(), stale, registry.BoxUpdated), "box renamed": renameErr, "box deleted": e.DeleteBox(e.Context(), stale),
			"version saved": e.SaveVersion(e.Context(), a.Box, *a.Version, registry.VersionUpdated), "version renumbered": renumberErr, "version deleted": e.DeleteVersion(e.Context(), a.Box, *a.Version),
			"version made": e.CreateVersion(e.Context(), stale, registry.Version{Box: stale.ID, Number: "3.0"}),
		} {
			if registry.KindOf(err) != registry.Conflict || !registry.Retryable(err) {
				e.Errorf("%s: %v", what, err)
			}
		}
		if got := e.versions("acme", "debian"); !slices.Equal(got, []registry.Number{"1.0"}) {
			e.Errorf("there is %v", got)
		}
	})
}

// Two boxes that share a home would overwrite each other's versions.
func TestANewBoxHasAnotherHomeThanTheOneThatWasRenamed(t *testing.T) {
	onEachStore(t, func(e *env) {
		old := e.box("debian")
		e.version(old, "1.0", "old")
		_, err := e.RenameBox(e.Context(), old, "renamed")
		e.must(err)
		fresh := e.box("debian")
		if fresh.Home == old.Home {
			e.Fatalf("both are at %s", fresh.Home)
		}
		e.version(fresh, "1.0", "fresh")
		for name, want := range map[string]string{"renamed": "old", "debian": "fresh"} {
			a, err := e.BoxAccess(e.Context(), 0, "acme", name, catalog.Wanted{Number: "1.0"})
			e.must(err)
			if got := a.Version.Files(); len(got) != 1 || got[0].Blob != want {
				e.Errorf("%s has the files %+v", name, got)
			}
		}
		renamed := e.stored("renamed")
		e.must(e.DeleteBox(e.Context(), renamed))
		for _, d := range e.due() {
			e.must(e.ClearBox(e.Context(), d))
		}
		e.must(e.DeleteBox(e.Context(), fresh))
		if next := e.box("debian"); next.Home != old.Home {
			e.Errorf("the place that is free again is not taken: %s", next.Home)
		}
	})
}

func TestANameThatCannotBeIsNotFound(t *testing.T) {
	e := onFile(t)
	e.box("debian")
	for _, name := range []string{"", ".", "a#b", "\xff", "a\x00b", strings.Repeat("a", 5000)} {
		_, _, err := e.OrganizationAccess(e.Context(), 1, name)
		e.wantKind(err, registry.NotFound)
		for _, at := range [][2]string{{"acme", name}, {name, "debian"}} {
			_, err = e.BoxAccess(e.Context(), 1, at[0], at[1], catalog.Wanted{Number: "1.0"})
			e.wantKind(err, registry.NotFound)
			_, err = e.tree(at[0], at[1])
			e.wantKind(err, registry.NotFound)
		}
		if name != "" {
			_, err = e.BoxAccess(e.Context(), 1, "acme", "debian", catalog.Wanted{Upload: name})
			e.wantKind(err, registry.NotFound)
		}
		_, err = e.AccountByName(e.Context(), name)
		e.wantKind(err, registry.NotFound)
		_, err = e.ServiceAccountByName(e.Context(), name)
		e.wantKind(err, registry.NotFound)
	}
}
