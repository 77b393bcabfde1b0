package search

import (
	"slices"
	"strings"
	"time"

	"github.com/boxvault/boxvault/shared/registry"
)

// Posting is what each list that a box stands in has of it: enough to tell whether it is wanted,
// without reading the box, and where it is.
type Posting struct {
	Place string `json:"place"` // the home of its organization
	Name  string `json:"name"`  // folded
	// Words are those of the organization's name and of both descriptions, parted by spaces.
	Words string `json:"words,omitempty"`
	// Builds are what released versions have files for, PROVIDER/ARCHITECTURE, folded, parted by
	// spaces.
	Builds string `json:"builds,omitempty"`
}

// Entry is all that the index knows of a box. Two entries are equal (==) when nothing is to be done.
type Entry struct {
	Posting
	Organization registry.ID `json:"organization"`
	// Public boxes of an organization that is suspended count as private.
	Public bool `json:"public,omitempty"`
	// Version is the newest released one that has a file; empty for none.
	Version registry.Number `json:"version,omitempty"`
	// Created and Updated are Unix milliseconds; a version that is released updates its box.
	Created   int64 `json:"created"`
	Updated   int64 `json:"updated"`
	Downloads int64 `json:"downloads,omitempty"`
}

// A box stands in no more lists than these of each order; it is found by the first of its words and
// builds when it has more.
const (
	maxTerms  = 60
	maxWords  = 20
	maxBuilds = 16
)

// NewEntry says what a box is found by.
func NewEntry(o registry.Organization, b registry.Box, versions []registry.Version, downloads int64) Entry {
	e := Entry{
		Posting:      Posting{Place: b.Place, Name: registry.Fold(b.Name)},
		Organization: o.ID, Public: b.Open() && !o.Suspended, Downloads: downloads,
		Created: millis(b.CreatedAt), Updated: millis(b.UpdatedAt),
	}
	words := Words(o.Name + " " + b.ShortDescription + " " + b.Description)
	e.Words = strings.Join(words[:min(len(words), maxWords)], " ")
	var builds []string
	for _, v := range slices.Backward(versions) { // the newest first
		if files := buildsOf(v); len(files) > 0 && v.Status == registry.Active {
			builds = append(builds, files...)
			e.Updated = max(e.Updated, millis(v.UpdatedAt))
			if e.Version == "" {
				e.Version = v.Number
			}
		}
	}
	builds = unique(builds)
	e.Builds = strings.Join(builds[:min(len(builds), maxBuilds)], " ")
	return e
}

func buildsOf(v registry.Version) (list []string) {
	for _, p := range v.Providers {
		for _, a := range p.Architectures {
			if a.File != nil {
				list = append(list, registry.Fold(p.Name+"/"+a.Name))
			}
		}
	}
	return list
}

func millis(at time.Time) int64 { return max(at.UnixMilli(), 0) }

// UpdatedAt is when the box, or what is released of it, changed last.
func (e Entry) UpdatedAt() time.Time { return time.UnixMilli(e.Updated).UTC() }

// Value is the number that an order goes by.
func (e Entry) Value(by Sort) int64 {
	switch by {
	case ByCreated:
		return e.Created
	case ByUpdated:
		return e.Updated
	default:
		return e.Downloads
	}
}

// everything is the term of all boxes.
const everything = "*"

// Terms are the lists that the box stands in.
func (p Posting) Terms() []string {
	terms := []string{everything, "o:" + p.Place}
	for _, name := range p.Providers() {
		terms = append(terms, "p:"+name)
	}
	for _, name := range p.Architectures() {
		terms = append(terms, "a:"+name)
	}
	words := Words(p.Name)
	for _, word := range words {
		words = append(words, prefixes(word)...)
	}
	for _, word := range append(words, strings.Fields(p.Words)...) {
		terms = append(terms, "w:"+word)
	}
	terms = unique(terms)
	return terms[:min(len(terms), maxTerms)]
}

// Providers are the names, folded, of the providers that released versions have files for.
func (p Posting) Providers() []string { return p.builds(0) }

// Architectures are the names, folded, of the architectures that released versions have files for.
func (p Posting) Architectures() []string { return p.builds(1) }

func (p Posting) builds(part int) []string {
	var names []string
	for build := range strings.FieldsSeq(p.Builds) {
		names = append(names, strings.Split(build, "/")[part])
	}
	return unique(names)
}

// unique leaves the first of those that are the same.
func unique(list []string) []string {
	seen := map[string]bool{}
	return slices.DeleteFunc(list, func(s string) bool {
		before := seen[s]
		seen[s] = true
		return before
	})
}
