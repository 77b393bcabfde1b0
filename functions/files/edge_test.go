package files_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/blobstore/cloudfront"
	"github.com/boxvault/boxvault/shared/blobstore/cloudfront/cloudfronttest"
)

// distribution is an edge in front of a registry, and what it was asked.
type distribution struct {
	*cloudfronttest.Edge
	mu   sync.Mutex
	key  *cloudfront.Edge
	seen []string
}

// behindEdge starts a registry whose downloads go through a distribution, with a public box.
func behindEdge(t *testing.T) (*coretest.Registry, *distribution, string) {
	t.Helper()
	d := &distribution{}
	r, ada := coretest.Acme(t, func(o *core.Options) {
		d.Edge = cloudfronttest.Start(t, o.Blobs, o.Now)
		d.listen(t)
		d.rotate(t, "K1")
		o.Blobs = cloudfront.Open(o.Blobs, d.current, o.Now)
	})
	r.Box(t, ada, "acme", "debian", true)
	return r, d, ada
}

// listen puts the edge where its requests are written down.
func (d *distribution) listen(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.mu.Lock()
		d.seen = append(d.seen, r.Method+" "+r.URL.Path+" "+r.Header.Get("Range"))
		d.mu.Unlock()
		d.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	d.URL = server.URL
}

func (d *distribution) rotate(t *testing.T, id string) {
	key := d.NewKey(t, id)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.key = key
}

func (d *distribution) current(context.Context) (*cloudfront.Edge, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.key, nil
}

// asked returns what the edge was asked since the last time.
func (d *distribution) asked() (list []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	list, d.seen = d.seen, nil
	return list
}

// program looks up a client, and skips the test where there is none.
func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skip(name + " is not there")
	}
	return path
}

func TestVagrantAddsABoxThroughTheEdge(t *testing.T) {
	vagrant := program(t, "vagrant")
	r, d, ada := behindEdge(t)
	r.Upload(t, ada, target, virtualbox(t, "content")).Want(t, 200)
	home := t.TempDir()
	cmd := exec.CommandContext(t.Context(), vagrant, "box", "add", r.URL+"/acme/debian")
	cmd.Dir = home
	cmd.Env = append(os.Environ(), "HOME="+home, "VAGRANT_HOME="+home, "VAGRANT_CHECKPOINT_DISABLE=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if _, err := os.Stat(filepath.Join(home, "boxes/acme-VAGRANTSLASH-debian/1.0.0")); err != nil {
		t.Error(err)
	}
	if got := d.asked(); len(got) == 0 || !strings.HasPrefix(got[len(got)-1], "GET /files/") {
		t.Errorf("the edge was asked %q", got)
	}
}

func TestCurlGoesOnWithADownloadThroughTheEdge(t *testing.T) {
	curl := program(t, "curl")
	r, d, ada := behindEdge(t)
	whole := virtualbox(t, strings.Repeat("content ", 1000))
	r.Upload(t, ada, target, whole).Want(t, 200)
	part := filepath.Join(t.TempDir(), "vagrant.box")
	if err := os.WriteFile(part, whole[:100], 0o600); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"bytes=100-", ""} { // the rest, and then all of it
		args := []string{"-sSfL", "-o", part, r.URL + pretty}
		if want != "" {
			args = append(args, "-C", "-")
		}
		if out, err := exec.CommandContext(t.Context(), curl, args...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		if got, err := os.ReadFile(part); err != nil || string(got) != string(whole) {
			t.Errorf("%d other bytes came, %v", len(got), err)
		}
		if got := d.asked(); len(got) != 1 || !strings.HasSuffix(got[0], " "+want) {
			t.Errorf("the edge was asked %q", got)
		}
	}
}

// From the metadata to the bytes, and what becomes of a link that somebody keeps.
func TestALinkThroughTheEdgeEndsAndIsGivenAnew(t *testing.T) {
	r, d, ada := behindEdge(t)
	whole := virtualbox(t, "content")
	r.Upload(t, ada, target, whole, "X-File-Name", "debian 12.box").Want(t, 200)
	stable := urlOf(t, r, "", box)
	follow := func() string {
		t.Helper()
		return r.Do(t, "GET", stable, "", nil).Want(t, 302).Header.Get("Location")
	}
	get := func(method, link string, status int) *http.Response {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, link, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != status {
			t.Errorf("%s %s is answered %d, want %d", method, link, resp.StatusCode, status)
		}
		return resp
	}
	link := follow()
	if !strings.HasPrefix(link, d.URL+"/files/") || string(r.Fetch(t, link)) != string(whole) {
		t.Errorf("the link is %s", link)
	}
	if resp := get("HEAD", link, 200); resp.ContentLength != int64(len(whole)) || !strings.Contains(resp.Header.Get("Content-Disposition"), "debian 12.box") {
		t.Errorf("HEAD is answered %d bytes, %v", resp.ContentLength, resp.Header)
	}
	get("GET", strings.Replace(link, "debian", "alpine", 1), 403)
	get("DELETE", link, 403)

	d.rotate(t, "K2")
	if young := follow(); !strings.Contains(young, "&Key-Pair-Id=K2&") || string(r.Fetch(t, young)) != string(whole) {
		t.Errorf("with the next key the link is %s", young)
	}
	get("GET", link, 200)
	r.Clock.Advance(time.Hour)
	get("GET", link, 403)
	get("GET", follow(), 200)

	told := embeddedtest.JSON[api.DownloadLink](t, r.Do(t, "POST", file+"/get-download-link", "", nil).Want(t, 200))
	if string(r.Fetch(t, told.DownloadURL)) != string(whole) || told.ExpiresAt.Sub(r.Clock.Now()) > time.Hour {
		t.Errorf("the link that is asked for is %+v", told)
	}
}
