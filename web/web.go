// Package web is what browsers are shown below /ui/: pages that make the links of letters work, in plain HTML,
// CSS and JavaScript, without a build step. They are the same bytes for everybody, and do all that
// they do by asking the API. One process and a function on AWS serve them from here; the distribution
// serves them from a bucket that is filled from here.
package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// Prefix is what the pages' addresses begin with. No organization may be called so.
const Prefix = "/ui/"

// Policy is the Content-Security-Policy of every page: scripts, styles, pictures and requests of the registry's own
// and nothing else, and no text that becomes HTML.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"require-trusted-types-for 'script'; trusted-types 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// maxAge is for how many seconds a script or a style sheet may be used without another look. Pages are kept by
// nobody: their addresses, which have tokens in them, would be kept with them.
const maxAge = 300

// The files whose addresses are not their names.
const (
	first   = "index.html"
	missing = "missing.html"
)

// Organizations is the address of the page that is about an organization; its name stands behind it:
// "/ui/organizations/acme".
const Organizations = "organizations"

// File is a page, or what one is made of.
type File struct {
	Name        string // unique, as reset-password.html or ui.css
	ContentType string
	Body        []byte
	MaxAge      int // for how many seconds it may be kept; 0: not at all
}

// Page reports whether it is what the address bar shows, and no part of that.
func (f File) Page() bool { return path.Ext(f.Name) == ".html" }

//go:embed pages
var pages embed.FS

var types = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
}

// files are those that the program was built with, by name.
var files = read()

func read() map[string]File {
	all := map[string]File{}
	entries, err := pages.ReadDir("pages")
	for _, e := range entries {
		f := File{Name: e.Name(), ContentType: types[path.Ext(e.Name())]}
		if !f.Page() {
			f.MaxAge = maxAge
		}
		if f.Body, err = pages.ReadFile("pages/" + f.Name); err != nil {
			break
		}
		all[f.Name] = f
	}
	if err != nil { // they are part of the program
		panic(err)
	}
	return all
}

// Files returns all files in the order of their names. Their bytes are not to be changed.
func Files() []File {
	return slices.SortedFunc(maps.Values(files), func(a, b File) int { return strings.Compare(a.Name, b.Name) })
}

// Addresses returns the name of the file at each address below Prefix: a page has no ending, and the first
// one is at Prefix itself.
func Addresses() map[string]string {
	all := map[string]string{}
	for name := range files {
		switch name {
		case first:
			all[""] = name
		case missing: // it is where there is nothing
		default:
			all[strings.TrimSuffix(name, ".html")] = name
		}
	}
	return all
}

var addresses = Addresses()

// Find returns the file at an address below Prefix.
func Find(address string) (f File, ok bool) {
	f, ok = files[addresses[address]]
	return f, ok
}

// Types returns the content types that files have, in order.
func Types() []string { return slices.Sorted(maps.Values(types)) }

// Version is a text that changes with any of the files.
func Version() string {
	sum := sha256.New()
	for _, f := range Files() {
		fmt.Fprintf(sum, "%s\n%s\n%d\n%d\n%s\n", f.Name, f.ContentType, f.MaxAge, len(f.Body), f.Body)
	}
	return hex.EncodeToString(sum.Sum(nil)[:16])
}

// CacheControl is what the file's answers say about how long they may be kept.
func (f File) CacheControl() string {
	if f.MaxAge == 0 {
		return "no-store"
	}
	return fmt.Sprintf("max-age=%d", f.MaxAge)
}

// Missing is the page that says that there is none.
func Missing() File { return files[missing] }
