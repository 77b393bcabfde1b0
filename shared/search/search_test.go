package search

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/registry"
)

func TestWordsOfATextAreFoldedAndNamedOnce(t *testing.T) {
	for text, want := range map[string]string{
		"": "", " ... ": "", "Debian 12, debian-12": "debian 12", "ÜBUNG e\u0301té": "übung e\u0301té",
		"a\x00b": "a b", "\xff\xfe": "", "日本 x_y": "日本 x y",
		strings.Repeat("a", 17) + " " + strings.Repeat("a", 18): strings.Repeat("a", 16),
		strings.Repeat("ü", 40):                                 strings.Repeat("ü", 16),
	} {
		if got := strings.Join(Words(text), " "); got != want {
			t.Errorf("words of %q are %q, want %q", text, got, want)
		}
	}
}

func entry(name, description string, builds ...string) Entry {
	v := registry.NewVersion(registry.Box{ID: 1}, "1.0.0", time.UnixMilli(5))
	for i, build := range builds {
		provider, architecture, _ := strings.Cut(build, "/")
		if _, err := v.Place(provider, architecture, registry.File{ID: registry.ID(i + 1)}, time.UnixMilli(7)); err != nil {
			panic(err)
		}
	}
	b := registry.Box{Name: name, Description: description, Place: "acme", Public: true, CreatedAt: time.UnixMilli(3), UpdatedAt: time.UnixMilli(4)}
	return NewEntry(registry.Organization{ID: 9, Name: "Acme"}, b, []registry.Version{v}, 11)
}

func TestABoxIsInTheListsOfItsTerms(t *testing.T) {
	got := entry("Deb-12", "the best", "VirtualBox/amd64", "virtualbox/arm64").Terms()
	want := strings.Fields("* o:acme p:virtualbox a:amd64 a:arm64 w:deb w:12 w:de w:acme w:the w:best")
	if !slices.Equal(got, want) {
		t.Errorf("the terms are %q, want %q", got, want)
	}
}

// One record names all of the lists, and each list has the words: a text must not make them many.
func TestABoxIsInABoundedNumberOfLists(t *testing.T) {
	var builds, words []string
	for i := range 60 {
		builds = append(builds, fmt.Sprintf("provider%d/architecture%d", i, i))
		words = append(words, fmt.Sprint("word", i))
	}
	e := entry(strings.Repeat("0123456789-", 9)+"x", strings.Join(words, " "), builds...)
	if n := len(e.Terms()); n != maxTerms || len(strings.Fields(e.Words)) != maxWords || len(strings.Fields(e.Builds)) != maxBuilds {
		t.Errorf("%d terms of %+v", n, e)
	}
}

func TestOnlyWhatIsReleasedAndHasAFileCounts(t *testing.T) {
	e := entry("deb", "", "virtualbox/amd64")
	if e.Updated != 7 || e.Version != "1.0.0" || e.Builds != "virtualbox/amd64" {
		t.Errorf("with a release: %+v", e)
	}
	v := registry.NewVersion(registry.Box{ID: 1}, "1.0.0", time.UnixMilli(5))
	v.Status = registry.Active
	e = NewEntry(registry.Organization{}, registry.Box{UpdatedAt: time.UnixMilli(4)}, []registry.Version{v}, 0)
	if e.Updated != 4 || e.Version != "" || e.Builds != "" || e.Created != 0 {
		t.Errorf("released, without a file: %+v", e)
	}
}

func TestAPublicBoxOfASuspendedOrganizationIsPrivate(t *testing.T) {
	o := registry.Organization{ID: 9, Suspended: true}
	if e := NewEntry(o, registry.Box{Public: true}, nil, 0); e.Public {
		t.Errorf("%+v", e)
	}
}

// What a search drives on must be a term of every box that it wants.
func TestWhatMatchesIsInTheListThatIsRead(t *testing.T) {
	e := entry("Debian12-web.server", "A minimal image", "virtualbox/amd64", "libvirt/arm64")
	for _, q := range []Query{
		{}, {Text: "de"}, {Text: "server"}, {Text: "a"}, {Text: "image debian12"}, {Text: "acme"}, {Provider: "LibVirt"},
		{Architecture: "arm64"}, {Text: "web", Provider: "libvirt", Architecture: "arm64"},
	} {
		if w := q.Wanted("acme"); !w.Matches(e.Posting) || !slices.Contains(e.Terms(), w.Term()) {
			t.Errorf("%+v does not find the box by %q", q, w.Term())
		}
	}
	for _, q := range []Query{{Text: "d"}, {Text: "erver"}, {Text: "mini"}, {Provider: "virtualbox", Architecture: "arm64"}} {
		if q.Wanted("").Matches(e.Posting) {
			t.Errorf("%+v finds the box", q)
		}
	}
	if (Query{}).Wanted("bolt").Matches(e.Posting) {
		t.Error("it is found in another organization")
	}
}

func TestPlacesSortAsTheirNumbers(t *testing.T) {
	if a, b, c := Place(9, 5), Place(10, 1), Place(10, 2); a >= b || b >= c {
		t.Errorf("%s, %s and %s", a, b, c)
	}
}

func TestAPageGoesOnInItsOwnOrderOnly(t *testing.T) {
	q := Query{Sort: ByCreated}
	q.After = q.Next(Place(12, 34))
	if at, err := q.Behind(); err != nil || at != Place(12, 34) {
		t.Errorf("it goes on behind %q, %v", at, err)
	}
	q.Sort = ByUpdated
	if _, err := q.Checked(); registry.KindOf(err) != registry.Invalid {
		t.Errorf("in another order: %v", err)
	}
}
