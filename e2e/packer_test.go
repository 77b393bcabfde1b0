package e2e

import (
	"encoding/json"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/registry"
)

// packer runs the post-processor vagrant-cloud of the real program on a box file, with further settings.
func (o owner) packer(t *testing.T, base string, file BoxFile, settings map[string]any) ran {
	t.Helper()
	dir := t.TempDir()
	place(t, file, dir, "package.box")
	post := map[string]any{
		"type": "vagrant-cloud", "access_token": o.token, "vagrant_cloud_url": base + "/api/v1",
		"box_tag": o.org + "/debian", "version": "1.0.0",
	}
	for key, value := range settings {
		post[key] = value
	}
	template := must[[]byte](t)(json.Marshal(map[string]any{
		"builders":        []any{map[string]any{"type": "null", "communicator": "none"}},
		"post-processors": []any{[]any{map[string]any{"type": "artifice", "files": []string{"package.box"}}, post}},
	}))
	if err := os.WriteFile(filepath.Join(dir, "template.json"), template, 0o600); err != nil {
		t.Fatal(err)
	}
	c := command{dir: dir, env: []string{"CHECKPOINT_DISABLE=1", "PACKER_NO_COLOR=1", "PACKER_CACHE_DIR=" + dir}}
	return c.run(t, "packer", "build", "-color=false", "template.json")
}

// TestPacker publishes with the real packer, directly and through the registry.
func TestPacker(t *testing.T) {
	t.Parallel()
	need(t, "packer")
	for how, noDirect := range map[string]bool{"directly": false, "through the registry": true} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			o := newOwner(t, target.URL)
			o.box(t, "debian", true)
			virtualbox, libvirt := makeBox(t, Box{Provider: "virtualbox", Disk: 1 << 20}), makeBox(t, Box{Provider: "libvirt", Disk: 1 << 20})
			settings := map[string]any{"no_direct_upload": noDirect, "version_description": "notes"}
			o.packer(t, target.URL, virtualbox, settings).ok(t)
			// The next provider of the same version finds it released, and that is no failure.
			o.packer(t, target.URL, libvirt, settings).ok(t)
			providers := o.wantVersions(t, "debian", "1.0.0").Versions[0].Providers
			for i, want := range []BoxFile{virtualbox, libvirt} {
				if len(providers) != 2 || providers[i].Checksum != want.SHA256 {
					t.Errorf("listed are %+v", providers)
				}
			}
			// A provider that is there is not replaced.
			o.packer(t, target.URL, virtualbox, settings).fails(t, "already exists")
		})
	}
	t.Run("a box that is elsewhere", func(t *testing.T) {
		t.Parallel()
		o := newOwner(t, target.URL)
		o.box(t, "debian", true)
		file := makeBox(t, Box{Provider: "virtualbox", Disk: 1 << 10})
		o.packer(t, target.URL, file, map[string]any{"box_download_url": "https://example.com/a.box"}).ok(t)
		o.wantVersions(t, "debian", "1.0.0")
	})
	t.Run("a box of another organization", func(t *testing.T) {
		t.Parallel()
		o, outsider := newOwner(t, target.URL), newOwner(t, target.URL)
		o.box(t, "debian", true)
		file := makeBox(t, Box{Provider: "virtualbox", Disk: 1 << 10})
		outsider.packer(t, target.URL, file, map[string]any{"box_tag": o.org + "/debian"}).fails(t, "this needs the role")
		outsider.packer(t, target.URL, file, map[string]any{"box_tag": o.org + "/none"}).fails(t, "box not found")
		outsider.packer(t, target.URL, file, map[string]any{"access_token": "wrong"}).fails(t, "")
		if v := o.wantVersions(t, "debian"); len(v.Versions) > 0 {
			t.Errorf("there are %+v", v)
		}
	})
}

// TestPackerMeetsAFault has an upload fail: packer sends the whole file again, to the same URL, and gives up
// after three.
func TestPackerMeetsAFault(t *testing.T) {
	t.Parallel()
	need(t, "packer")
	for _, c := range []struct {
		how      string
		noDirect bool
		faults   int32
	}{{"once, directly", false, 1}, {"once, through the registry", true, 1}, {"always", false, 9}} {
		t.Run(c.how, func(t *testing.T) {
			t.Parallel()
			front := newFaulty(t, c.faults)
			o := newOwner(t, front.url)
			o.box(t, "debian", true)
			file := makeBox(t, Box{Provider: "virtualbox", Disk: 1 << 20})
			out := o.packer(t, front.url, file, map[string]any{"no_direct_upload": c.noDirect})
			if c.faults < 3 {
				out.ok(t)
				o.wantVersions(t, "debian", "1.0.0")
				return
			}
			out.fails(t, "")
			v, err := o.Version(t.Context(), o.org, "debian", "1.0.0")
			if registry.KindOf(err) != registry.NotFound && len(v.Providers) > 0 { // packer clears away what it made
				t.Errorf("left is %+v, %v", v, err)
			}
		})
	}
}

// faulty stands in front of a registry of its own, and answers 500 to uploads for a while.
type faulty struct{ url string }

func newFaulty(t *testing.T, faults int32) faulty {
	t.Helper()
	listener := must[net.Listener](t)(net.Listen("tcp", "127.0.0.1:0"))
	address := "http://" + listener.Addr().String()
	own := serve(t, t.TempDir(), "--url", address)
	var left atomic.Int32
	left.Store(faults)
	through := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: own.Addr})
	front := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		upload := strings.HasPrefix(r.URL.Path, "/_blobs/") || strings.HasPrefix(r.URL.Path, "/api/upload/")
		if upload && r.Method == http.MethodPut && left.Add(-1) >= 0 {
			http.Error(w, "a fault", http.StatusInternalServerError)
			return
		}
		through.ServeHTTP(w, r)
	})}
	go func() { _ = front.Serve(listener) }()
	t.Cleanup(func() { _ = front.Close() })
	return faulty{address}
}
