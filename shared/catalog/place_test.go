package catalog_test

import (
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// Whatever becomes of its name, and of other boxes that take it, a box is found where it is at home.
func TestABoxIsFoundByItsHome(t *testing.T) {
	onEachStore(t, func(e *env) {
		find := func(b registry.Box, want string) {
			e.Helper()
			a, err := e.BoxAt(e.Context(), b.Home, b.ID, catalog.Wanted{Number: "1.0"})
			e.must(err)
			if a.Box.Name != want || a.Box.ID != b.ID || a.Version == nil || a.Version.Box != b.ID {
				e.Errorf("at %s is %+v with %+v, want %s", b.Home, a.Box, a.Version, want)
			}
		}
		first := e.box("debian")
		e.version(first, "1.0", "first")
		find(first, "debian")
		_, err := e.RenameBox(e.Context(), first, "bookworm")
		e.must(err)
		find(first, "bookworm")
		second := e.box("debian")
		e.version(second, "1.0", "second")
		find(second, "debian")
		find(first, "bookworm")
		_, err = e.RenameBox(e.Context(), second, "trixie")
		e.must(err)
		_, err = e.RenameBox(e.Context(), e.stored("bookworm"), "debian") // back again
		e.must(err)
		find(second, "trixie")
		find(first, "debian")

		o, err := e.Organization(e.Context(), "acme")
		e.must(err)
		_, err = e.RenameOrganization(e.Context(), o, "emca")
		e.must(err)
		find(first, "debian")
		a, err := e.BoxAt(e.Context(), second.Home, second.ID, catalog.Wanted{})
		if err != nil || a.Box.Tag() != "emca/trixie" {
			e.Errorf("it is %s, %v", a.Box.Tag(), err)
		}
		e.must(e.DeleteBox(e.Context(), a.Box))
		_, err = e.BoxAt(e.Context(), second.Home, second.ID, catalog.Wanted{})
		e.wantKind(err, registry.NotFound)
		find(first, "debian")
	})
}

// Vagrant goes on with what it has of a URL for a day.
func TestItIsRememberedForAWhileThatAFileHasLeftItsURL(t *testing.T) {
	onEachStore(t, func(e *env) {
		b := e.box("debian")
		gone := func(want bool) {
			e.Helper()
			b = e.stored("debian")
			a, err := e.BoxAt(e.Context(), b.Home, b.ID, catalog.Wanted{})
			if e.must(err); a.Gone != want {
				e.Errorf("gone: %v, want %v", a.Gone, want)
			}
		}
		save := func(n registry.Number, change func(*registry.Version)) {
			e.Helper()
			a, err := e.BoxAccess(e.Context(), 0, "acme", "debian", catalog.Wanted{Number: n})
			e.must(err)
			change(a.Version)
			e.must(e.SaveVersion(e.Context(), b, *a.Version, registry.VersionUpdated))
		}
		e.must(e.CreateVersion(e.Context(), b, registry.NewVersion(b, "0.1", e.now)))
		save("0.1", func(v *registry.Version) { v.Description = "no file yet" })
		e.version(b, "1.0", "blob")
		gone(false)
		save("1.0", func(v *registry.Version) { e.must(v.RenameProvider(v.Provider("virtualbox"), "qemu")) })
		gone(true)
		e.now = e.now.Add(49 * time.Hour)
		gone(false)
		a, err := e.BoxAccess(e.Context(), 0, "acme", "debian", catalog.Wanted{Number: "1.0"})
		e.must(err)
		e.must(e.DeleteVersion(e.Context(), b, *a.Version))
		gone(true)
		e.now = e.now.Add(49 * time.Hour)
		e.must(e.DeleteBox(e.Context(), b))
		e.box("debian")
		gone(true)
	})
}
