package importer_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// cloud is a server that speaks the Vagrant Cloud API, as its public documentation has it, and what is
// wrong with it.
type cloud struct {
	*httptest.Server
	boxes []cloudBox
	files map[string][]byte // by path

	mu       sync.Mutex
	requests int
	fetched  map[string]int // by path
	// meddle answers in place of the server when it returns true.
	meddle func(w http.ResponseWriter, r *http.Request) bool
}

type object = map[string]any

type cloudBox struct {
	name     string
	about    object
	versions []object
}

func newCloud(t testing.TB) *cloud {
	c := &cloud{files: map[string][]byte{}, fetched: map[string]int{}}
	c.Server = httptest.NewServer(c)
	t.Cleanup(c.Close)
	return c
}

// box adds a box of acme.
func (c *cloud) box(name string, about object, versions ...object) {
	c.boxes = append(c.boxes, cloudBox{name, about, versions})
}

// version makes a version.
func version(number, status string, providers ...object) object {
	return object{
		"version": number, "number": number, "status": status, "description_markdown": nil,
		"created_at": "2024-01-01T00:00:00.000Z", "providers": providers,
	}
}

// provider makes a provider with a file of some bytes, whose SHA-256 is declared.
func (c *cloud) provider(name, architecture, content string) object {
	path := fmt.Sprintf("/files/%d.box", len(c.files))
	c.files[path] = []byte(content)
	digest := sha256.Sum256([]byte(content))
	return object{
		"name": name, "hosted": true, "hosted_token": nil, "original_url": nil, "download_url": c.URL + path,
		"checksum": hex.EncodeToString(digest[:]), "checksum_type": "sha256",
		"architecture": architecture, "default_architecture": false,
	}
}

// with changes a part of what the API answers.
func with(o object, key string, value any) object {
	o[key] = value
	return o
}

func (c *cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	c.requests++
	c.fetched[r.URL.Path]++
	meddle := c.meddle
	c.mu.Unlock()
	if meddle != nil && meddle(w, r) {
		return
	}
	if content, found := c.files[r.URL.Path]; found {
		w.Header().Set("ETag", `"`+r.URL.Path+`"`)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
		return
	}
	c.serveAPI(w, r)
}

func (c *cloud) serveAPI(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if r.URL.Path == "/api/v2/user/acme" {
		var list []object
		for _, b := range c.boxes {
			list = append(list, c.about(b))
		}
		json.NewEncoder(w).Encode(object{"username": "acme", "boxes": list})
		return
	}
	for _, b := range c.boxes {
		if r.URL.Path == "/api/v2/box/acme/"+b.name {
			json.NewEncoder(w).Encode(with(c.about(b), "versions", b.versions))
			return
		}
	}
	w.WriteHeader(http.StatusNotFound)
	json.NewEncoder(w).Encode(object{"errors": []string{"Resource not found!"}, "success": false})
}

func (c *cloud) about(b cloudBox) object {
	all := object{"tag": "acme/" + b.name, "username": "acme", "name": b.name, "private": false, "downloads": 7}
	for key, value := range b.about {
		all[key] = value
	}
	return all
}

// set has requests meddled with from now on.
func (c *cloud) set(meddle func(w http.ResponseWriter, r *http.Request) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.meddle = meddle
}

// counted is how many requests there were, and how many files were asked for, since it was asked last.
func (c *cloud) counted() (requests, files int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for path, n := range c.fetched {
		if strings.HasPrefix(path, "/files/") {
			files += n
		}
	}
	requests, c.requests, c.fetched = c.requests, 0, map[string]int{}
	return requests, files
}
