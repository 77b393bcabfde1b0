package files_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/registry"
)

// An upload that nobody ends is over after seven days, and takes no room any more.
func TestAnUploadExpires(t *testing.T) {
	r, ada := start(t)
	_, chunks := chunked(t)
	u := begin(t, r, ada, []byte("hello"))
	embeddedtest.Put(t, u.URLs[0].URL, []byte("hello"))
	sendChunk(t, r, ada, 0, 3, chunks[0]).Want(t, 200)
	r.Clock.Advance(registry.UploadLife - time.Hour)
	r.Sweep(t)
	if got := state(t, r, ada, u.ID); got.State != "open" || len(got.Parts) != 1 {
		t.Errorf("before its time is over it is %+v", got)
	}
	r.Clock.Advance(2 * time.Hour)
	renewed, _, err := r.Core.Tokens.ForAccount(t.Context(), r.Account(t, "ada"), true)
	if err != nil {
		t.Fatal(err)
	}
	r.Do(t, "GET", multi+"/"+u.ID, renewed, nil).WantError(t, 404, "NOT_FOUND")
	complete(t, r, renewed, u.ID).WantError(t, 404, "NOT_FOUND")
	sendChunk(t, r, renewed, 2, 3, chunks[2]).WantError(t, 409, "CONFLICT") // the first one is forgotten
	r.Sweep(t)
	if n := stored(t, r); n != 0 {
		t.Errorf("%d files of them are kept", n)
	}
	content, chunks := chunked(t)
	for i, chunk := range chunks {
		sendChunk(t, r, renewed, i, 3, chunk).Want(t, 200)
	}
	wantFile(t, r, renewed, file, content)
}

// What the file was for is gone when it comes.
func TestAnUploadToWhatWasDeletedMeanwhile(t *testing.T) {
	for _, c := range []struct {
		name, deleted string
		again         func(r *coretest.Registry, t *testing.T, ada string)
		status        int
	}{
		{"version", version, nil, 404},
		{"version, made anew", version, func(r *coretest.Registry, t *testing.T, ada string) {
			r.Do(t, "POST", box+"/version", ada, `{"version":"1.0.0"}`).Want(t, 201)
		}, 404},
		{"box", box, nil, 404},
		{"box, made anew", box, func(r *coretest.Registry, t *testing.T, ada string) { r.Box(t, ada, "acme", "debian", false) }, 404},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, ada := start(t)
			r.Do(t, "POST", box+"/version", ada, `{"version":"1.0.0"}`).Want(t, 201)
			u := begin(t, r, ada, []byte("hello"))
			embeddedtest.Put(t, u.URLs[0].URL, []byte("hello"))
			r.Do(t, "DELETE", c.deleted, ada, nil).Want(t, 200)
			if c.again != nil {
				c.again(r, t, ada)
			}
			complete(t, r, ada, u.ID).WantError(t, c.status, "NOT_FOUND")
			wantNoFile(t, r, ada, file)
			r.Clock.Advance(registry.UploadLife + time.Hour)
			r.Sweep(t)
			if n := stored(t, r); n != 0 {
				t.Errorf("%d files of it are kept", n)
			}
		})
	}
}

// A provider or architecture that was deleted is made again, as it would have been in the first place.
func TestAnUploadToAnArchitectureThatWasDeletedMeanwhile(t *testing.T) {
	r, ada := start(t)
	r.Upload(t, ada, strings.Replace(target, "amd64", "arm64", 1), virtualbox(t, "other")).Want(t, 200)
	u := begin(t, r, ada, []byte("hello"))
	embeddedtest.Put(t, u.URLs[0].URL, []byte("hello"))
	r.Do(t, "DELETE", version+"/provider/virtualbox", ada, nil).Want(t, 200)
	complete(t, r, ada, u.ID).Want(t, 200)
	wantFile(t, r, ada, file, []byte("hello"))
}

// The upload follows the box to its new name.
func TestAnUploadToABoxThatWasRenamedMeanwhile(t *testing.T) {
	r, ada := start(t)
	content := virtualbox(t, "content")
	u := begin(t, r, ada, content)
	embeddedtest.Put(t, u.URLs[0].URL, content)
	r.Do(t, "PUT", box, ada, `{"name":"ubuntu"}`).Want(t, 200)
	complete(t, r, ada, u.ID).WantError(t, 404, "NOT_FOUND") // at the old name there is nothing
	renamed := strings.Replace(multi, "debian", "ubuntu", 1)
	r.Do(t, "POST", fmt.Sprintf("%s/%s/complete", renamed, u.ID), ada, nil).Want(t, 200)
	wantFile(t, r, ada, strings.Replace(file, "debian", "ubuntu", 1), content)
}
