package mirror_test

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/blobstore"
)

// serving has the storage host answer in another way.
func (c *cloud) serving(serve func(http.ResponseWriter, *http.Request, []byte)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.serve = serve
}

// cutAt ends the connection at a byte of the file, the first times that the file is asked for.
func cutAt(at int, times int32) func(http.ResponseWriter, *http.Request, []byte) {
	var asked atomic.Int32
	return func(w http.ResponseWriter, r *http.Request, file []byte) {
		if asked.Add(1) > times {
			content(w, r, file)
			return
		}
		w.Header().Set("ETag", tagOf(file))
		w.Header().Set("Content-Length", fmt.Sprint(len(file)))
		_, _ = w.Write(file[:at])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// large is a box file of some parts.
func large(size int) []byte {
	b := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(b)
	return b
}

func TestACutTransferGoesOnWhereItWas(t *testing.T) {
	up := newCloud(t)
	body := large(3 << 20)
	up.publish("hashi/debian", "1.0.0", body)
	up.serving(cutAt(1<<20, 1))
	w := mirroring(t, from(up))
	w.metadata(t, "acme/debian")
	wantFile(t, follow(t, w.Registry, file, ""), body)
	if up.requests(fmt.Sprintf("bytes=%d-", 1<<20)) == 0 {
		t.Errorf("the storage was asked %q", up.asked)
	}
}

func TestAFileThatIsNotAsItShouldBeIsNotKept(t *testing.T) {
	for name, test := range map[string]struct {
		setting string
		serve   func(http.ResponseWriter, *http.Request, []byte)
		told    string
	}{
		"another checksum": {"", func(w http.ResponseWriter, r *http.Request, _ []byte) { content(w, r, []byte("bad")) }, "checksum"},
		"too large":        {`,"maxFileSize":100`, content, "100 bytes"},
		"too large, as it turns out": {`,"maxFileSize":100`, func(w http.ResponseWriter, _ *http.Request, file []byte) {
			_ = http.NewResponseController(w).Flush() // no length
			_, _ = w.Write(file)
		}, "100 bytes"},
		"gone": {"", func(w http.ResponseWriter, r *http.Request, _ []byte) { http.NotFound(w, r) }, "404"},
		"to a place that is closed": {"", func(w http.ResponseWriter, r *http.Request, _ []byte) {
			http.Redirect(w, r, "http://169.254.169.254/latest/", http.StatusFound)
		}, "private or reserved"},
		"round and round": {"", func(w http.ResponseWriter, r *http.Request, _ []byte) {
			http.Redirect(w, r, r.URL.String(), http.StatusFound)
		}, "too often"},
	} {
		t.Run(name, func(t *testing.T) {
			up := newCloud(t)
			body := box(t, "good")
			up.publish("hashi/debian", "1.0.0", body)
			up.serving(test.serve)
			w := mirroring(t, strings.TrimSuffix(from(up), "}")+test.setting+"}")
			at := w.metadata(t, "acme/debian").Versions[0].Providers[0].URL
			a := follow(t, w.Registry, at, "").WantError(t, 502, "UPSTREAM_ERROR")
			if !strings.Contains(string(a.Body), test.told) || a.Header.Get("Retry-After") == "" {
				t.Errorf("told is %v %s", a.Header, a.Body)
			}
			asked := up.requests("")
			follow(t, w.Registry, at, "").Want(t, 502)
			if up.requests("") != asked {
				t.Error("it was fetched once more at once")
			}
			up.serving(content)
			w.set(t, from(up))
			w.Clock.Advance(time.Hour)
			wantFile(t, follow(t, w.Registry, at, ""), body)
		})
	}
}

func TestAWrongChecksumLeavesNothingBehind(t *testing.T) {
	up := newCloud(t)
	up.publish("hashi/debian", "1.0.0", box(t, "good"))
	up.serving(func(w http.ResponseWriter, r *http.Request, _ []byte) { content(w, r, []byte("bad")) })
	r, _ := ready(t, up)
	r.Do(t, "GET", file, "", nil).Want(t, 302)
	r.Sweep(t)
	r.Do(t, "GET", file, "", nil).WantError(t, 502, "UPSTREAM_ERROR")
	r.Sweep(t)
	err := filepath.WalkDir(filepath.Join(r.Data, "files", "objects"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			t.Errorf("%s is left", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// full has no room for parts as long as it is full.
type full struct {
	blobstore.Store
	full atomic.Bool
}

func (f *full) PutPart(ctx context.Context, u blobstore.Upload, n int, r io.Reader, size int64) (blobstore.Part, error) {
	if f.full.Load() {
		return blobstore.Part{}, blobstore.ErrFull
	}
	return f.Store.PutPart(ctx, u, n, r, size)
}

func TestAFullDiskIsTold(t *testing.T) {
	up := newCloud(t)
	body := box(t, "much")
	up.publish("hashi/debian", "1.0.0", body)
	var store full
	r, _ := ready(t, up, func(o *core.Options) { store.Store, o.Blobs = o.Blobs, &store })
	store.full.Store(true)
	r.Do(t, "GET", file, "", nil).Want(t, 302)
	r.Sweep(t)
	r.Do(t, "GET", file, "", nil).WantError(t, 507, "INSUFFICIENT_STORAGE")
	store.full.Store(false)
	r.Clock.Advance(2 * time.Minute)
	r.Sweep(t)
	wantFile(t, follow(t, r.Registry, file, ""), body)
}

// What a name leads to is looked at when a connection is made.
func TestNoConnectionIsMadeToPrivateAddresses(t *testing.T) {
	up := newCloud(t)
	up.publish("hashi/debian", "1.0.0", box(t, ""))
	r, _ := ready(t, up)
	asked := up.requests("")
	closed := r.Copy(t, func(o *core.Options) { o.MirrorsPrivate, o.MirrorPatience = false, time.Nanosecond })
	closed.Clock.Advance(time.Hour)
	a := follow(t, closed.Registry, "/acme/debian", "").Want(t, 200)
	if a.Header.Get("Warning") == "" {
		t.Errorf("%v", a.Header)
	}
	follow(t, closed.Registry, "/acme/other", "").Want(t, 502)
	closed.Do(t, "GET", file, "", nil).Want(t, 302)
	closed.Sweep(t)
	closed.Do(t, "GET", file, "", nil).WantError(t, 502, "UPSTREAM_ERROR")
	if up.requests("") != asked {
		t.Errorf("the upstream was asked %q", up.asked)
	}
}

// What an upstream says is no fault of who asks, whatever it is.
func TestMetadataThatIsNone(t *testing.T) {
	var answer atomic.Value
	up := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, answer.Load().(string))
	}))
	t.Cleanup(up.Close)
	w := mirroring(t, `{"from":"`+up.URL+`"}`)
	for i, body := range []string{
		"", "null", "[]", "<html>", `{"name":1}`, `{"versions":[]}`, `{"name":"a/b","versions":{}}`, `{"name":"a/b","versions":[{"version":1}]}`,
		`{"name":"` + strings.Repeat("a", 21<<20) + `"}`,
	} {
		answer.Store(body)
		follow(t, w.Registry, fmt.Sprint("/acme/box", i), "").Want(t, 502)
	}
	for i, body := range []string{
		`{"name":"a/b"}`, `{"name":"a/b","description":null,"versions":[{"version":"1.0","providers":[{"name":"","url":""}]},{}]}`,
		`{"name":"a/b","description":"` + strings.Repeat("ü", 5000) + `\u0000","versions":[]}`,
		`{"name":"a/b","versions":[{"version":"1.0","providers":[` + strings.Repeat(`{"name":"x","architecture":"y","url":"http://127.0.0.1/a"},`, 5000) + `{}]}]}`,
	} {
		answer.Store(body)
		m := embeddedtest.JSON[api.Metadata](t, follow(t, w.Registry, fmt.Sprint("/acme/odd", i), "").Want(t, 200))
		if len(m.Versions) > 1 {
			t.Errorf("%s: %+v", body[:50], m)
		}
	}
}

// A box with more versions than go into one write.
func TestABoxOfManyVersions(t *testing.T) {
	up := newCloud(t)
	body := box(t, "one of many")
	for n := range 100 {
		up.publish("hashi/debian", fmt.Sprint("1.", n, ".0"), body)
	}
	w := mirroring(t, from(up))
	m := w.metadata(t, "acme/debian")
	if len(m.Versions) != 100 {
		t.Fatalf("%d versions are there", len(m.Versions))
	}
	wantFile(t, follow(t, w.Registry, m.Versions[99].Providers[0].URL, ""), body)
}
