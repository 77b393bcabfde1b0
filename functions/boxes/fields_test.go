package boxes_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/catalog"
)

func TestABoxTellsWhereItIsBuiltAndWhatIsInIt(t *testing.T) {
	r, ada := coretest.Acme(t)
	made := create[api.Box](t, r, boxes, ada, `{"name":"debian","isPublic":true,"githubRepo":"acme/boxes","workflowFile":"build.yml",`+
		`"cicdUrl":"https://ci.example.com/1","metadata":{"distro":"debian","cpus":2,"evil":"<script>"}}`)
	if made.GithubRepo != "acme/boxes" || made.WorkflowFile != "build.yml" || made.CICDURL != "https://ci.example.com/1" ||
		!made.Published || fmt.Sprint(made.Metadata) != "map[cpus:2 distro:debian]" {
		t.Errorf("made %+v", made)
	}
	changed := change[api.Box](t, r, boxes+"/debian", ada, `{"githubRepo":"","metadata":{}}`)
	if changed.GithubRepo != "" || changed.Metadata != nil || changed.WorkflowFile != "build.yml" {
		t.Errorf("changed to %+v", changed)
	}
	a := r.Do(t, "PUT", boxes+"/debian", ada, `{"githubRepo":"x","workflowFile":"x","cicdUrl":"javascript:alert(1)","metadata":{"distro":"`+strings.Repeat("x", 17<<10)+`"}}`)
	details := embeddedtest.JSON[api.Error](t, a.WantError(t, 400, "VALIDATION_ERROR")).Details
	for _, field := range []string{"githubRepo", "workflowFile", "cicdUrl", "metadata"} {
		if details[field] == nil {
			t.Errorf("%s is not named: %s", field, a.Body)
		}
	}
}

// It is the same as a private one to who is no member.
func TestABoxThatIsNotPublishedIsForMembers(t *testing.T) {
	r, ada := coretest.Acme(t)
	create[api.Box](t, r, boxes, ada, `{"name":"debian","isPublic":true,"published":false}`)
	publish(t, r, ada, boxes+"/debian", "x")
	wantFile(t, r, ada, boxes+"/debian", "x")
	for _, path := range []string{boxes, boxes + "/debian", boxes + "/debian/metadata", "/acme/debian", boxes + "/debian" + artifact + "/file/download"} {
		r.Do(t, "GET", path, "", nil).Want(t, 404)
	}
	if got := change[api.Box](t, r, boxes+"/debian", ada, `{"published":true}`); !got.Published {
		t.Errorf("it is %+v", got)
	}
	wantFile(t, r, "", boxes+"/debian", "x")
}

func TestAReadmeIsReadAsItWasWritten(t *testing.T) {
	r, ada := coretest.Acme(t)
	box := r.Box(t, ada, "acme", "debian", true)
	r.Do(t, "GET", box+"/readme", "", nil).WantError(t, 404, "NOT_FOUND")
	change[api.Box](t, r, box, ada, `{"readme":"# Hi <script>alert(1)</script>"}`)
	a := r.Do(t, "GET", box+"/readme", "", nil).Want(t, 200)
	if string(a.Body) != "# Hi <script>alert(1)</script>" || a.Header.Get("Content-Type") != "text/markdown; charset=utf-8" || a.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%s %v", a.Body, a.Header)
	}
	r.Ask(t, "GET", box+"/readme", "", nil, "If-None-Match", a.Header.Get("ETag")).Want(t, 304)
	change[api.Box](t, r, box, ada, `{"isPublic":false}`)
	r.Do(t, "GET", box+"/readme", "", nil).WantError(t, 404, "NOT_FOUND")
}

// Downloads are counted by file, and told of each version and of the box. What is gone counts for the
// box still.
func TestDownloadsAreToldOfBoxesAndVersions(t *testing.T) {
	r, ada := coretest.Acme(t)
	box := r.Box(t, ada, "acme", "debian", true)
	for number, times := range map[string]int{"1.0.0": 3, "2.0.0": 2} {
		at := box + "/version/" + number + "/provider/p/architecture/a"
		r.Upload(t, ada, at, []byte(number)).Want(t, 200)
		for range times {
			r.Do(t, "GET", at+"/file/download", "", nil).Want(t, 302)
		}
	}
	told := read[api.Box](t, r, box, "")
	if *told.DownloadCount != 5 || *told.Versions[0].DownloadCount != 2 || *told.Versions[1].Providers[0].Architectures[0].Files[0].DownloadCount != 3 {
		t.Errorf("told %+v", told)
	}
	if v := read[api.Version](t, r, box+"/version/1.0.0", ""); *v.DownloadCount != 3 {
		t.Errorf("told %d", *v.DownloadCount)
	}
	if list := read[[]api.Version](t, r, box+"/version", ""); *list[0].DownloadCount != 2 {
		t.Errorf("told %d", *list[0].DownloadCount)
	}
	r.Do(t, "DELETE", box+"/version/1.0.0", ada, nil).Want(t, 200)
	if told := read[api.Box](t, r, box, ""); *told.DownloadCount != 5 || len(told.Versions) != 1 {
		t.Errorf("told %+v", told)
	}
	a, err := r.Core.Catalog.BoxAccess(t.Context(), 0, "acme", "debian", catalog.Wanted{})
	if err != nil {
		t.Fatal(err)
	}
	r.Clock.Advance(recountTime)
	r.Sweep(t)
	if n, err := r.Core.Catalog.DownloadTotal(t.Context(), a.Box.ID); err != nil || n != 5 {
		t.Errorf("the stored total is %d, %v", n, err)
	}
}

// recountTime is when downloads are added up at the latest.
const recountTime = 12 * time.Minute
