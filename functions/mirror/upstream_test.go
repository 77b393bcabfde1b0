package mirror_test

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded"
	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
)

// cloud answers as Vagrant Cloud does: metadata, and for each file a redirect to a storage host, whose
// links are signed.
type cloud struct {
	api, storage *httptest.Server

	mu    sync.Mutex
	boxes map[string]api.Metadata
	files map[string][]byte // by path at the storage host
	asked []string          // what came, with the header Range
	serve func(http.ResponseWriter, *http.Request, []byte)
}

func newCloud(t *testing.T) *cloud {
	t.Helper()
	c := &cloud{boxes: map[string]api.Metadata{}, files: map[string][]byte{}, serve: content}
	c.storage = httptest.NewServer(http.HandlerFunc(c.store))
	c.api = httptest.NewServer(http.HandlerFunc(c.answer))
	t.Cleanup(c.gone)
	return c
}

// gone is the end of the upstream.
func (c *cloud) gone() {
	c.api.CloseClientConnections()
	c.storage.CloseClientConnections()
	c.api.Close()
	c.storage.Close()
}

func content(w http.ResponseWriter, r *http.Request, file []byte) {
	w.Header().Set("ETag", tagOf(file))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(file))
}

func tagOf(file []byte) string { return `"` + sum(file) + `"` }

func sum(file []byte) string {
	s := md5.Sum(file)
	return hex.EncodeToString(s[:])
}

func (c *cloud) answer(w http.ResponseWriter, r *http.Request) {
	c.note(r)
	if strings.HasSuffix(r.URL.Path, "/vagrant.box") {
		http.Redirect(w, r, c.storage.URL+r.URL.Path+"?Signature=x", http.StatusFound)
		return
	}
	c.mu.Lock()
	m, ok := c.boxes[strings.TrimPrefix(r.URL.Path, "/")]
	c.mu.Unlock()
	if !ok || r.Header.Get("Accept") != "application/json" {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(m)
}

func (c *cloud) store(w http.ResponseWriter, r *http.Request) {
	c.note(r)
	c.mu.Lock()
	file, ok := c.files[r.URL.Path]
	serve := c.serve
	c.mu.Unlock()
	if !ok || r.URL.RawQuery != "Signature=x" || r.Header.Get("Authorization") != "" || r.Header.Get("X-Access-Token") != "" {
		http.Error(w, "denied", http.StatusForbidden)
		return
	}
	serve(w, r, file)
}

func (c *cloud) note(r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked = append(c.asked, strings.TrimSpace(r.URL.Path+" "+r.Header.Get("Range")))
}

// requests counts what was asked for with the text in it.
func (c *cloud) requests(text string) (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, a := range c.asked {
		if strings.Contains(a, text) {
			n++
		}
	}
	return n
}

// publish lists a file for virtualbox, with its MD5 as the old boxes have it.
func (c *cloud) publish(tag, version string, file []byte) {
	path := "/" + strings.Replace(tag, "/", "/boxes/", 1) + "/versions/" + version + "/providers/virtualbox/amd64/vagrant.box"
	c.mu.Lock()
	defer c.mu.Unlock()
	c.files[path] = file
	m := c.boxes[tag]
	m.Name, m.Description = tag, "from elsewhere"
	m.Versions = append(m.Versions, api.MetadataVersion{Version: version, Status: "active", Providers: []api.MetadataProvider{{
		Name: "virtualbox", URL: c.api.URL + path, ChecksumType: "md5", Checksum: sum(file), Architecture: "amd64", DefaultArchitecture: true,
	}}})
	c.boxes[tag] = m
}

// edit changes what is listed of a box.
func (c *cloud) edit(tag string, change func(*api.Metadata)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m := c.boxes[tag]
	change(&m)
	c.boxes[tag] = m
}

// town is a registry, whose owner's organization acme is a mirror.
type town struct {
	*embeddedtest.Registry
	token string
}

// mirroring is a registry as people run it, with its janitor.
func mirroring(t *testing.T, setting string) town {
	t.Helper()
	r := embeddedtest.Start(t, func(o *embedded.Options) { o.MirrorsPrivate = true })
	w := town{r, r.SignUp(t, "ada")}
	r.Organization(t, w.token, "acme")
	w.set(t, setting)
	return w
}

func (w town) set(t *testing.T, setting string) {
	t.Helper()
	w.Do(t, "PUT", "/api/organization/acme/mirror", w.token, setting).Want(t, 200)
}

// follow asks as Vagrant does, which goes where it is led and shows its token to nobody else.
func follow(t *testing.T, r *embeddedtest.Registry, path, token string) embeddedtest.Answer {
	t.Helper()
	req, err := http.NewRequest("GET", r.URL+strings.TrimPrefix(path, r.URL), nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return embeddedtest.Answer{Status: res.StatusCode, Header: res.Header, Body: body}
}

// metadata is a box's as a stranger's Vagrant reads it.
func (w town) metadata(t *testing.T, tag string) api.Metadata {
	t.Helper()
	return embeddedtest.JSON[api.Metadata](t, follow(t, w.Registry, "/"+tag, "").Want(t, 200))
}

// numbers are the versions of a box.
func numbers(m api.Metadata) (list []string) {
	for _, v := range m.Versions {
		list = append(list, v.Version)
	}
	return list
}

func wantNumbers(t *testing.T, m api.Metadata, want ...string) {
	t.Helper()
	if got := numbers(m); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Fatalf("the versions are %q, want %q", got, want)
	}
}

func wantFile(t *testing.T, a embeddedtest.Answer, want []byte) {
	t.Helper()
	if a.Status != 200 || !bytes.Equal(a.Body, want) {
		t.Fatalf("%d with %d bytes, want the file's %d: %.300s", a.Status, len(a.Body), len(want), a.Body)
	}
}

func box(t *testing.T, text string) []byte { return coretest.BoxFile(t, "virtualbox", text) }

func readCloser(b []byte) io.ReadCloser { return io.NopCloser(bytes.NewReader(b)) }
