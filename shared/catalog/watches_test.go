package catalog_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// watcher makes an account with a proven address that watches the box.
func (e *env) watcher(name string, b registry.Box) registry.Account {
	e.Helper()
	a, err := e.CreateAccount(e.Context(), registry.Account{ID: registry.NewID(), Username: name, Email: name + "@example.com", Verified: true})
	e.must(err)
	e.must(e.WatchBox(e.Context(), b, a.ID))
	return a
}

func TestABoxIsWatchedOnce(t *testing.T) {
	onEachStore(t, func(e *env) {
		b := e.box("debian")
		eve := e.watcher("eve", b)
		e.wantKind(e.WatchBox(e.Context(), b, eve.ID), registry.Conflict)
		wantWatched := func(names ...string) {
			e.Helper()
			var got []string
			for after := ""; ; {
				list, next, err := e.WatchesOf(e.Context(), eve.ID, after, 1)
				e.must(err)
				for _, w := range list {
					got = append(got, w.Box.Tag())
				}
				if after = next; next == "" {
					break
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(names) {
				e.Errorf("watched are %v, want %v", got, names)
			}
		}
		wantWatched("acme/debian")
		b, err := e.RenameBox(e.Context(), b, "bookworm")
		e.must(err)
		wantWatched("acme/bookworm")
		e.must(e.UnwatchBox(e.Context(), b.ID, eve.ID))
		e.must(e.UnwatchBox(e.Context(), b.ID, eve.ID))
		wantWatched()

		b = e.stored("bookworm")
		e.must(e.WatchBox(e.Context(), b, eve.ID))
		e.must(e.DeleteBox(e.Context(), b))
		wantWatched()
		e.told(func(d catalog.Due) {
			if d.Kind == catalog.DueBox {
				e.must(e.ClearBox(e.Context(), d))
			}
		})
		if page, err := e.Store.Query(e.Context(), itemstore.Query{Partition: "watches#" + b.ID.String()}); err != nil || len(page.Items) != 0 {
			e.Errorf("left are %v, %v", page.Items, err)
		}
	})
}

// Many watchers are written to batch by batch, by two janitors at once: each gets one letter, and only
// who may see the box.
func TestWatchersAreWrittenToOnce(t *testing.T) {
	const n = 130
	onEachStore(t, func(e *env) {
		b := e.box("debian")
		ada, err := e.AccountByName(e.Context(), "ada")
		e.must(err)
		b.Public = true
		e.must(e.SaveBox(e.Context(), b, registry.BoxUpdated))
		b = e.stored("debian")
		e.must(e.WatchBox(e.Context(), b, ada.ID)) // makes the change, and has proven no address
		for i := range n {
			e.watcher(fmt.Sprint("p", i), b)
		}
		unproven := e.account("unproven")
		e.must(e.WatchBox(e.Context(), b, unproven.ID))
		author := e.watcher("author", b)
		e.version(b, "1.0", "blob")
		e.told(func(catalog.Due) {})

		by := registry.WithAuthor(e.Context(), registry.Author{Account: author.ID, Username: "author"})
		a, err := e.BoxAccess(e.Context(), 0, "acme", "debian", catalog.Wanted{Number: "1.0"})
		e.must(err)
		a.Version.Deprecated, a.Version.DeprecationReason = true, "old"
		e.must(e.SaveVersion(by, b, *a.Version, registry.BoxDeprecated))
		letters := map[string]int{}
		e.told(func(d catalog.Due) {
			switch d.Kind {
			case catalog.DueWatchers:
				var wg sync.WaitGroup
				for range 2 {
					wg.Go(func() {
						if err := e.WriteToWatchers(e.Context(), d); err != nil {
							e.Error(err)
						}
					})
				}
				wg.Wait()
			case catalog.DueLetter:
				l := d.Letter
				if l.Kind != registry.LetterDeprecated || l.Text != "old" || l.Box != "acme/debian" || l.Version != "1.0" || l.By != "author" || l.To != l.Username+"@example.com" {
					e.Errorf("the letter is %+v", l)
				}
				letters[l.Username]++
			}
		})
		for name, times := range letters {
			if times != 1 {
				e.Errorf("%s gets %d letters", name, times)
			}
		}
		if len(letters) != n || letters["p0"] != 1 {
			e.Errorf("%d of %d get a letter", len(letters), n)
		}
	})
}

// Who left the organization of a private box hears of it no more.
func TestOnlyWhoMaySeeABoxHearsOfIt(t *testing.T) {
	onEachStore(t, func(e *env) {
		b := e.box("debian")
		e.watcher("stranger", b)
		member := e.watcher("member", b)
		o, err := e.Organization(e.Context(), "acme")
		e.must(err)
		e.must(e.AddMember(e.Context(), o, catalog.Candidate{Account: member.ID, Username: "member"}, registry.RoleMember))
		hear := func() (names []string) {
			e.Helper()
			e.told(func(catalog.Due) {})
			a, err := e.BoxAccess(e.Context(), 0, "acme", "debian", catalog.Wanted{Number: "1.0"})
			e.must(err)
			e.must(e.SaveVersion(e.Context(), b, *a.Version, registry.BoxReleased))
			e.told(func(d catalog.Due) {
				if d.Kind == catalog.DueWatchers {
					e.must(e.WriteToWatchers(e.Context(), d))
				} else if d.Kind == catalog.DueLetter {
					names = append(names, d.Letter.Username)
				}
			})
			return names
		}
		e.version(b, "1.0", "blob")
		if got := hear(); fmt.Sprint(got) != "[member]" {
			e.Errorf("of the private box hear %v", got)
		}
		o, _, m, err := e.MemberAccess(e.Context(), 0, "acme", member.ID)
		e.must(err)
		e.must(e.RemoveMember(e.Context(), o, m))
		if got := hear(); len(got) != 0 {
			e.Errorf("of the private box hear %v", got)
		}
	})
}
