package files_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
)

// pretty is the URL that Vagrant is given.
const pretty = "/acme/boxes/debian/versions/1.0.0/providers/virtualbox/amd64/vagrant.box"

func downloads(t *testing.T, r *coretest.Registry, token string) int64 {
	t.Helper()
	return *embeddedtest.JSON[api.File](t, r.Do(t, "GET", file+"/info", token, nil).Want(t, 200)).DownloadCount
}

func TestADownloadIsCountedOnce(t *testing.T) {
	r, ada := start(t)
	content := virtualbox(t, "content")
	r.Upload(t, ada, target, content, "X-File-Name", `de"bian.box`).Want(t, 200)
	for i, path := range []string{file + "/download", pretty, pretty + "?file=1"} {
		a := r.Do(t, "GET", path, ada, nil).Want(t, 302)
		if got := r.Fetch(t, a.Header.Get("Location")); string(got) != string(content) {
			t.Errorf("%s leads to %d other bytes", path, len(got))
		}
		if n := downloads(t, r, ada); n != int64(i+1) {
			t.Errorf("%s was counted %d times", path, n-int64(i))
		}
		// Who looks, resumes, asks for a link or is refused does not count.
		r.Ask(t, "GET", path, ada, nil, "Range", "bytes=100-").Want(t, 302)
		r.Ask(t, "HEAD", path, ada, nil).Want(t, 200)
		r.Do(t, "POST", file+"/get-download-link", ada, nil).Want(t, 200)
		r.Do(t, "GET", path, "", nil).Want(t, 404)
		if n := downloads(t, r, ada); n != int64(i+1) {
			t.Errorf("%s: %d downloads were counted for one", path, n-int64(i))
		}
	}
}

// A link that is signed for GET does not answer HEAD everywhere, so the registry itself does.
func TestHeadTellsAboutTheFile(t *testing.T) {
	r, ada := start(t)
	content := virtualbox(t, "content")
	r.Upload(t, ada, target, content).Want(t, 200)
	a := r.Ask(t, "HEAD", pretty, ada, nil).Want(t, 200)
	for header, want := range map[string]string{
		"Content-Length": fmt.Sprint(len(content)), "Content-Type": "application/octet-stream", "ETag": `"` + sum(content) + `"`, "Location": "",
	} {
		if got := a.Header.Get(header); got != want {
			t.Errorf("%s: %q, want %q", header, got, want)
		}
	}
	if len(a.Body) > 0 {
		t.Errorf("%d bytes came", len(a.Body))
	}
}

func TestAPrivateFileIsForWhoHasAToken(t *testing.T) {
	r, ada := start(t)
	r.Upload(t, ada, target, virtualbox(t, "content")).Want(t, 200)
	program := r.ServiceAccount(t, ada, nil).Token
	outsider := r.Person(t, "mallory")
	missing := r.Do(t, "GET", strings.Replace(pretty, "debian", "none", 1), "", nil).Want(t, 404)
	for _, path := range []string{pretty, file + "/download"} {
		for _, token := range []string{ada, program} {
			for header, value := range map[string]string{
				"X-Access-Token": token, "Authorization": "Bearer " + token,
				"authorization": "Basic " + base64.StdEncoding.EncodeToString([]byte("ada:"+token)),
			} {
				r.Ask(t, "GET", path, "", nil, header, value).Want(t, 302)
			}
			r.Ask(t, "GET", path+"?access_token="+token, "", nil).Want(t, 302)
		}
		for _, token := range []string{"", outsider, "no-token", "a.b.c"} {
			a := r.Ask(t, "GET", path, token, nil).Want(t, 404)
			if string(a.Body) != string(missing.Body) {
				t.Errorf("hidden: %s, missing: %s", a.Body, missing.Body)
			}
			r.Ask(t, "HEAD", path, token, nil).Want(t, 404)
			r.Do(t, "POST", file+"/get-download-link", token, nil).Want(t, 404)
		}
	}
}

// A link needs no token, and is good for an hour.
func TestALinkExpires(t *testing.T) {
	r, ada := start(t)
	content := virtualbox(t, "content")
	r.Upload(t, ada, target, content, "X-File-Name", "debian 12.box").Want(t, 200)
	link := embeddedtest.JSON[api.DownloadLink](t, r.Do(t, "POST", file+"/get-download-link", ada, nil).Want(t, 200))
	if left := link.ExpiresAt.Sub(r.Clock.Now()); left > time.Hour || left < 59*time.Minute {
		t.Errorf("it is good for %v", left)
	}
	resp, err := http.Get(link.DownloadURL)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 200 || resp.ContentLength != int64(len(content)) || !strings.Contains(resp.Header.Get("Content-Disposition"), "debian 12.box") {
		t.Errorf("%d, %d bytes, %v", resp.StatusCode, resp.ContentLength, resp.Header)
	}
	r.Clock.Advance(time.Hour)
	if resp, err = http.Get(link.DownloadURL); err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 403 {
		t.Errorf("an hour later it is answered %d", resp.StatusCode)
	}
}

// Vagrant resumes a download by its URL: that stays as long as the file does, and no longer.
func TestTheURLChangesWithTheFile(t *testing.T) {
	r, ada := start(t, func(o *core.Options) { o.URL = "https://boxes.example.com" })
	policy(t, r, ada, `{"mutableReleases":true}`)
	seen := map[string]bool{}
	check := func(what string, changed bool) {
		t.Helper()
		m := embeddedtest.JSON[api.Metadata](t, r.Do(t, "GET", box+"/metadata", ada, nil).Want(t, 200))
		url := m.Versions[0].Providers[0].URL
		told := embeddedtest.JSON[api.File](t, r.Do(t, "GET", file+"/info", ada, nil).Want(t, 200)).DownloadURL
		if !strings.HasPrefix(url, "https://boxes.example.com"+pretty) || told != url {
			t.Fatalf("the URLs are %s and %s", url, told)
		}
		if seen[url] == changed {
			t.Errorf("%s: the URL is %s, known: %v", what, url, seen[url])
		}
		seen[url] = true
		r.Do(t, "GET", strings.TrimPrefix(url, "https://boxes.example.com"), ada, nil).Want(t, 302)
	}
	r.Upload(t, ada, target, virtualbox(t, "first")).Want(t, 200)
	check("first file", true)
	r.Do(t, "PUT", box, ada, `{"description":"new"}`).Want(t, 200)
	r.Do(t, "PUT", version, ada, `{"description":"new"}`).Want(t, 200)
	check("another description", false)
	r.Upload(t, ada, target, virtualbox(t, "second")).Want(t, 200)
	check("another file", true)
	r.Do(t, "DELETE", file+"/delete", ada, nil).Want(t, 200)
	r.Upload(t, ada, target, virtualbox(t, "third")).Want(t, 200)
	check("a file after none", true)
}

func TestWhatIsNotThereIsNotDownloaded(t *testing.T) {
	r, ada := start(t)
	r.Upload(t, ada, target, virtualbox(t, "content")).Want(t, 200)
	for _, old := range []string{"acme", "debian", "1.0.0", "virtualbox", "amd64"} {
		missing := map[bool]string{true: "9.9.9", false: "none"}[old == "1.0.0"]
		r.Do(t, "GET", strings.Replace(pretty, old, missing, 1), ada, nil).Want(t, 404)
		r.Do(t, "HEAD", strings.Replace(pretty, old, missing, 1), ada, nil).Want(t, 404)
	}
	r.Do(t, "GET", strings.Replace(pretty, "1.0.0", "latest", 1), ada, nil).Want(t, 400)
	r.Do(t, "GET", strings.Replace(pretty, "1.0.0", "v1", 1), ada, nil).Want(t, 302) // another way to say 1.0.0
	r.Do(t, "DELETE", version, ada, nil).Want(t, 200)
	r.Do(t, "GET", pretty, ada, nil).Want(t, 404)
}
