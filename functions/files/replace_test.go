package files_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/shared/api"
)

func TestAFileOfAReleasedVersionStays(t *testing.T) {
	r, ada := start(t)
	good, other := virtualbox(t, "good"), virtualbox(t, "evil")
	r.Upload(t, ada, target, good).Want(t, 200)
	r.Upload(t, ada, target, other).WantError(t, 409, "CONFLICT")
	form, contentType := formOf(t, "file", "x.box", other)
	r.Ask(t, "POST", file, ada, form, "Content-Type", contentType).WantError(t, 409, "CONFLICT")
	// What another one is sure to be is refused before it comes.
	r.Do(t, "POST", file+"/multipart", ada, fmt.Sprintf(`{"size":%d}`, len(good)+1)).WantError(t, 409, "CONFLICT")
	r.Do(t, "POST", file+"/multipart", ada, fmt.Sprintf(`{"size":%d,"checksum":%q}`, len(good), sum(other))).WantError(t, 409, "CONFLICT")
	before := wantFile(t, r, ada, file, good)

	// The very same file once more is a request repeated, and changes nothing.
	again := embeddedtest.JSON[api.UploadResult](t, r.Upload(t, ada, target, good).Want(t, 200))
	if again.File.ID != before.ID || wantFile(t, r, ada, file, good).ID != before.ID {
		t.Errorf("the same file became another one: %+v", again.File)
	}
	// Another architecture of a released version can still come.
	arm := strings.Replace(target, "amd64", "arm64", 1)
	r.Upload(t, ada, arm, other).Want(t, 200)
	wantFile(t, r, ada, arm+"/file", other)
	r.Sweep(t)
	if n := stored(t, r); n != 2 {
		t.Errorf("%d files take room for two that are listed", n)
	}
}

// A version that is revoked was released all the same: somebody may have its file.
func TestAFileOfARevokedVersionStays(t *testing.T) {
	r, ada := start(t)
	good := virtualbox(t, "good")
	r.Upload(t, ada, target, good).Want(t, 200)
	r.Do(t, "PUT", version+"/revoke", ada, nil).Want(t, 200)
	told := embeddedtest.JSON[api.Error](t, r.Upload(t, ada, target, virtualbox(t, "evil")).WantError(t, 409, "CONFLICT"))
	if !strings.Contains(told.Message, "1.0.0 was released") {
		t.Errorf("it is told %q", told.Message)
	}
	wantFile(t, r, ada, file, good)
}

func TestAFileIsReplacedWhereItMayBe(t *testing.T) {
	for name, prepare := range map[string]struct{ path, method, body string }{
		"unreleased version": {box + "/version", "POST", `{"version":"1.0.0","release":false}`},
		"mutable releases":   {"/api/organization/acme", "PUT", `{"mutableReleases":true}`},
	} {
		t.Run(name, func(t *testing.T) {
			r, ada := start(t)
			if a := r.Do(t, prepare.method, prepare.path, ada, prepare.body); a.Status >= 300 {
				t.Fatalf("%d %s", a.Status, a.Body)
			}
			first := virtualbox(t, "first")
			r.Upload(t, ada, target, first).Want(t, 200)
			link := r.Do(t, "GET", file+"/download", ada, nil).Want(t, 302).Header.Get("Location")
			second := virtualbox(t, "second")
			r.Upload(t, ada, target, second).Want(t, 200)
			wantFile(t, r, ada, file, second)
			// Who has begun to download the old one can go on, for as long as the link lives.
			r.Sweep(t)
			if got := r.Fetch(t, link); string(got) != string(first) {
				t.Error("the link to the old file leads to another one")
			}
			r.Clock.Advance(linkLife)
			r.Sweep(t)
			if n := stored(t, r); n != 1 {
				t.Errorf("%d files take room for one that is listed", n)
			}
			wantFile(t, r, ada, file, second)
		})
	}
}

func TestAFileIsDeleted(t *testing.T) {
	r, ada := start(t)
	r.Upload(t, ada, target, virtualbox(t, "first")).Want(t, 200)
	r.Do(t, "DELETE", file+"/delete", ada, nil).Want(t, 200)
	wantNoFile(t, r, ada, file)
	r.Do(t, "DELETE", file+"/delete", ada, nil).WantError(t, 404, "NOT_FOUND")
	r.Do(t, "GET", target, ada, nil).Want(t, 200) // the architecture stays
	r.Upload(t, ada, target, virtualbox(t, "second")).Want(t, 200)
	wantFile(t, r, ada, file, virtualbox(t, "second"))
	r.Clock.Advance(linkLife)
	r.Sweep(t)
	if n := stored(t, r); n != 1 {
		t.Errorf("%d files take room for one that is listed", n)
	}
}

// Two clients upload to one place at once: one of the files is there in the end, whole, and each
// client is told the truth about its own.
func TestTwoUploadsOfAFileAtOnce(t *testing.T) {
	for _, rule := range []string{`{"mutableReleases":false}`, `{"mutableReleases":true}`} {
		r, ada := start(t)
		policy(t, r, ada, rule)
		contents := [][]byte{virtualbox(t, strings.Repeat("one ", 1<<18)), virtualbox(t, strings.Repeat("two ", 1<<18))}
		var wg sync.WaitGroup
		answers := make([]embeddedtest.Answer, len(contents))
		for i, content := range contents {
			wg.Go(func() { answers[i] = r.Upload(t, ada, target, content) })
		}
		wg.Wait()
		told := embeddedtest.JSON[api.File](t, r.Do(t, "GET", file+"/info", ada, nil).Want(t, 200))
		winner := 0
		if told.Checksum == sum(contents[1]) {
			winner = 1
		}
		wantFile(t, r, ada, file, contents[winner])
		answers[winner].Want(t, 200)
		want := 409
		if strings.Contains(rule, "true") {
			want = 200
		}
		answers[1-winner].Want(t, want)
	}
}

func TestEqualUploadsAtOnceAreAllFine(t *testing.T) {
	r, ada := start(t)
	content := virtualbox(t, "same")
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			if a := r.Upload(t, ada, target, content); a.Status != 200 {
				t.Errorf("%d %s", a.Status, a.Body)
			}
		})
	}
	wg.Wait()
	wantFile(t, r, ada, file, content)
	r.Sweep(t)
	if n := stored(t, r); n != 1 {
		t.Errorf("%d files take room for one", n)
	}
}

// Files of several architectures that come at once make one version with all of them.
func TestAVersionIsMadeByManyUploadsAtOnce(t *testing.T) {
	r, ada := start(t)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			at := strings.Replace(target, "amd64", fmt.Sprint("a", i), 1)
			if a := r.Upload(t, ada, at, virtualbox(t, fmt.Sprint(i))); a.Status != 200 {
				t.Errorf("%d %s", a.Status, a.Body)
			}
		})
	}
	wg.Wait()
	v := embeddedtest.JSON[api.Version](t, r.Do(t, "GET", version, ada, nil).Want(t, 200))
	if len(v.Providers) != 1 || len(v.Providers[0].Architectures) != 8 {
		t.Errorf("there is %+v", v)
	}
}
