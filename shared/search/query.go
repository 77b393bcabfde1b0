package search

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/boxvault/boxvault/shared/registry"
)

// Sort is an order of boxes.
type Sort string

// The orders.
const (
	ByDownloads Sort = "downloads"
	ByCreated   Sort = "created"
	ByUpdated   Sort = "updated"
)

// Sorts are all orders.
var Sorts = []Sort{ByDownloads, ByCreated, ByUpdated}

// How many boxes a page has.
const (
	DefaultLimit = 25
	MaxLimit     = 50
)

// maxText is how many characters can be searched for.
const maxText = 255

// Query is a search. The zero value asks for every box, that with the most downloads first.
type Query struct {
	// Text has words that are all in the box's name (or begin a word of it), its organization's name
	// or its descriptions.
	Text string
	// Organization is a name; Provider and Architecture are what a released version has a file
	// for, both together when both are asked for. Empty for any.
	Organization, Provider, Architecture string
	Sort                                 Sort   // empty is ByDownloads
	Order                                string // "desc", or empty, is the largest first, "asc" the smallest
	Limit                                int    // most boxes of a page, 1 to MaxLimit; 0 is DefaultLimit
	After                                string // the Next of the page before
}

// Checked returns the query with what was left out filled in, or an error that names every field
// that is not as it must be.
func (q Query) Checked() (Query, error) {
	var wrong registry.Fields
	wrong.Check("q", checkText(q.Text))
	for field, name := range map[string]string{
		"organization": q.Organization, "provider": q.Provider, "architecture": q.Architecture,
	} {
		if name != "" {
			wrong.Check(field, registry.CheckName(name))
		}
	}
	if q.Sort == "" {
		q.Sort = ByDownloads
	}
	if !slices.Contains(Sorts, q.Sort) {
		wrong.Add("sort", "must be downloads, created or updated")
	}
	if q.Order != "" && q.Order != "asc" && q.Order != "desc" {
		wrong.Add("order", "must be asc or desc")
	}
	if q.Limit < 0 || q.Limit > MaxLimit {
		wrong.Add("limit", "must be between 1 and 50")
	}
	if q.Limit == 0 {
		q.Limit = DefaultLimit
	}
	if _, err := q.Behind(); err != nil {
		wrong.Check("after", err)
	}
	return q, wrong.Err()
}

func checkText(text string) error {
	if !utf8.ValidString(text) {
		return errors.New("must be UTF-8")
	}
	return registry.CheckText(text, maxText)
}

// Hopeless reports whether the text has no words in it, so that no box has them.
func (q Query) Hopeless() bool { return strings.TrimSpace(q.Text) != "" && len(Words(q.Text)) == 0 }

// Wanted is what a box must have to be found.
type Wanted struct {
	words                        []string // the longest first
	home, provider, architecture string
}

// Wanted is what the query wants; home is where its organization is kept, empty for any.
func (q Query) Wanted(home string) Wanted {
	words := Words(q.Text)
	slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) })
	return Wanted{words, home, registry.Fold(q.Provider), registry.Fold(q.Architecture)}
}

// Term is the list to read: that which is likely to be the shortest.
func (w Wanted) Term() string {
	switch {
	case len(w.words) > 0:
		return "w:" + w.words[0]
	case w.home != "":
		return "o:" + w.home
	case w.provider != "":
		return "p:" + w.provider
	case w.architecture != "":
		return "a:" + w.architecture
	default:
		return everything
	}
}

// Narrow reports whether not all that is in the list is wanted.
func (w Wanted) Narrow() bool {
	n := len(w.words)
	for _, name := range []string{w.home, w.provider, w.architecture} {
		if name != "" {
			n++
		}
	}
	return n > 1
}

// Matches reports whether a box is wanted.
func (w Wanted) Matches(p Posting) bool {
	for _, word := range w.words {
		if !startsWord(p.Name, word) && !has(p.Words, word) {
			return false
		}
	}
	return (w.home == "" || w.home == p.Place) && w.built(p)
}

func (w Wanted) built(p Posting) bool {
	if w.provider == "" && w.architecture == "" {
		return true
	}
	for build := range strings.FieldsSeq(p.Builds) {
		provider, architecture, _ := strings.Cut(build, "/")
		if (w.provider == "" || w.provider == provider) && (w.architecture == "" || w.architecture == architecture) {
			return true
		}
	}
	return false
}
