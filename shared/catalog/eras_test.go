package catalog_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// boxes are the names in acme's list.
func (e *env) boxes() (names []string) {
	e.Helper()
	o, err := e.Organization(e.Context(), "acme")
	e.must(err)
	list, _, err := e.Boxes(e.Context(), o, "", 1000)
	e.must(err)
	for _, b := range list {
		names = append(names, b.Name)
	}
	return names
}

// told are the types of events that are due, and their authors, with how often each is.
func (e *env) told(work func(d catalog.Due)) map[string]int {
	e.Helper()
	told := map[string]int{}
	for {
		some, err := e.Due(e.Context(), 50)
		e.must(err)
		if len(some) == 0 {
			return told
		}
		for _, d := range some {
			if d.Kind == catalog.DueEvent {
				told[fmt.Sprint(d.Event.Type, " by ", d.Event.By.Username)]++
			} else {
				work(d)
			}
			e.must(e.Finish(e.Context(), d))
		}
	}
}

// More boxes than one write can hold are gone by one; until they are cleared away, new ones can have
// their names.
func TestAllBoxesAreDeletedAtOnce(t *testing.T) {
	const n = 60
	onEachStore(t, func(e *env) {
		for i := range n {
			b := e.box(fmt.Sprint("box", i))
			e.version(b, "1.0", fmt.Sprint("blob", i))
		}
		e.told(func(catalog.Due) {})
		o, err := e.Organization(e.Context(), "acme")
		e.must(err)
		by := registry.WithAuthor(e.Context(), registry.Author{Username: "ada"})
		e.must(e.DeleteBoxes(by, o))
		e.wantKind(e.DeleteBoxes(by, o), registry.Conflict) // it has changed since
		if got := e.boxes(); len(got) != 0 {
			e.Errorf("listed are %v", got)
		}
		if _, err := e.tree("acme", "box7"); registry.KindOf(err) != registry.NotFound {
			e.Errorf("box7 is there: %v", err)
		}
		_, err = e.BoxAccess(e.Context(), 0, "acme", "box7", catalog.Wanted{Number: "1.0"})
		e.wantKind(err, registry.NotFound)

		o, err = e.Organization(e.Context(), "acme")
		e.must(err)
		_, err = e.CreateBox(by, o, registry.NewBox(o, "box7", 1, e.now))
		e.must(err)
		_, err = e.CreateBox(by, o, registry.NewBox(o, "BOX7", 1, e.now))
		e.wantKind(err, registry.Conflict)
		if got := e.versions("acme", "box7"); len(got) != 0 {
			e.Errorf("the new box has the versions %v", got)
		}
		e.version(e.stored("box7"), "1.0", "fresh")

		var blobs []string
		told := e.told(func(d catalog.Due) {
			switch d.Kind {
			case catalog.DueBoxes:
				e.must(e.ClearBoxes(e.Context(), d))
				e.must(e.ClearBoxes(e.Context(), d)) // twice does no harm
			case catalog.DueBox:
				e.must(e.ClearBox(e.Context(), d))
			}
		})
		if told["boxes.deleted by ada"] != 1 || told["box.deleted by ada"] != n || told["box.created by ada"] != 1 {
			e.Errorf("told is %v", told)
		}
		if got := e.boxes(); !slices.Equal(got, []string{"box7"}) {
			e.Errorf("listed are %v", got)
		}
		if got := e.versions("acme", "box7"); !slices.Equal(got, []registry.Number{"1.0"}) {
			e.Errorf("the new box has the versions %v", got)
		}
		e.now = e.now.Add(registry.LinkLife)
		e.told(func(d catalog.Due) { blobs = append(blobs, d.Blobs...) })
		if len(blobs) != n || slices.Contains(blobs, "fresh") {
			e.Errorf("%d files are due: %v", len(blobs), blobs)
		}
	})
}

func TestAllVersionsOfABoxAreDeletedAtOnce(t *testing.T) {
	onEachStore(t, func(e *env) {
		b := e.box("debian")
		for i := range 30 {
			e.version(b, registry.Number(fmt.Sprint("1.", i)), fmt.Sprint("blob", i))
		}
		e.told(func(catalog.Due) {})
		e.must(e.DeleteVersions(registry.WithAuthor(e.Context(), registry.Author{Username: "ada"}), b))
		if got := e.versions("acme", "debian"); len(got) != 0 {
			e.Errorf("there is %v", got)
		}
		b = e.stored("debian")
		e.must(e.CreateVersion(e.Context(), b, registry.NewVersion(b, "1.7", e.now))) // takes the place of an old one
		told := e.told(func(d catalog.Due) { e.must(e.ClearVersions(e.Context(), d)) })
		if told["versions.deleted by ada"] != 1 || told["version.deleted by ada"] != 29 {
			e.Errorf("told is %v", told)
		}
		if got := e.versions("acme", "debian"); !slices.Equal(got, []registry.Number{"1.7"}) {
			e.Errorf("there is %v", got)
		}
		var blobs []string
		e.now = e.now.Add(registry.LinkLife)
		e.told(func(d catalog.Due) { blobs = append(blobs, d.Blobs...) })
		if len(blobs) != 30 {
			e.Errorf("%d files of 30 are due", len(blobs))
		}
	})
}
