package files_test

import (
	"context"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// slow is a blob store that keeps who opens an object waiting.
type slow struct {
	blobstore.Store
	open chan struct{} // closed when objects may be opened
}

func (s *slow) Open(ctx context.Context, key string, offset int64) (io.ReadCloser, error) {
	<-s.open
	return s.Store.Open(ctx, key, offset)
}

// startSlow starts a registry that waits for no verification, and the gate that holds them up.
func startSlow(t *testing.T) (r *coretest.Registry, ada string, gate chan struct{}) {
	t.Helper()
	gate = make(chan struct{})
	r, ada = start(t, func(o *core.Options) { o.Blobs, o.Patience = &slow{o.Blobs, gate}, 1 })
	return r, ada, gate
}

func state(t *testing.T, r *coretest.Registry, token, id string) api.Upload {
	t.Helper()
	return upload(t, r.Do(t, "GET", multi+"/"+id, token, nil).Want(t, 200))
}

func TestALongVerificationGoesOnBehindTheRequest(t *testing.T) {
	for _, content := range [][]byte{virtualbox(t, "good"), coretest.BoxFile(t, "qemu", "evil")} {
		r, ada, gate := startSlow(t)
		u := begin(t, r, ada, content)
		embeddedtest.Put(t, u.URLs[0].URL, content)
		if got := upload(t, complete(t, r, ada, u.ID).Want(t, 202)); got.State != "verifying" || got.File != nil {
			t.Errorf("answered %+v", got)
		}
		if got := upload(t, complete(t, r, ada, u.ID).Want(t, 202)); got.State != "verifying" {
			t.Errorf("asked again, answered %+v", got)
		}
		if got := state(t, r, ada, u.ID); got.State != "verifying" {
			t.Errorf("meanwhile it is %+v", got)
		}
		r.Do(t, "DELETE", multi+"/"+u.ID, ada, nil).WantError(t, 409, "CONFLICT")
		wantNoFile(t, r, ada, file)

		close(gate)
		waitFor(t, "the verification", func() bool { return state(t, r, ada, u.ID).State != "verifying" })
		if got := state(t, r, ada, u.ID); string(content) == string(virtualbox(t, "good")) {
			if got.State != "stored" || got.File == nil {
				t.Errorf("it ended as %+v", got)
			}
			wantFile(t, r, ada, file, content)
		} else {
			if got.State != "failed" || got.Failure == "" {
				t.Errorf("it ended as %+v", got)
			}
			complete(t, r, ada, u.ID).WantError(t, 400, "UPLOAD_ERROR")
			wantNoFile(t, r, ada, file)
		}
	}
}

// A new box of the old name has nothing to do with a file that was meant for the old box.
func TestABoxThatIsMadeAnewDuringTheVerification(t *testing.T) {
	r, ada, gate := startSlow(t)
	before, err := r.Core.Catalog.BoxAccess(t.Context(), 0, "acme", "debian", catalog.Wanted{})
	if err != nil {
		t.Fatal(err)
	}
	old := before.Box
	u := begin(t, r, ada, []byte("hello"))
	embeddedtest.Put(t, u.URLs[0].URL, []byte("hello"))
	complete(t, r, ada, u.ID).Want(t, 202)
	r.Do(t, "DELETE", box, ada, nil).Want(t, 200)
	r.Box(t, ada, "acme", "debian", true)
	close(gate)
	waitFor(t, "the verification", func() bool {
		got, err := r.Core.Catalog.Upload(t.Context(), old.Home, u.ID)
		return err != nil || got.Done()
	})
	wantNoFile(t, r, ada, file)
	r.Do(t, "GET", version, ada, nil).WantError(t, 404, "NOT_FOUND")
}

// A file finds its box whatever that, or its organization, is called in the meantime.
func TestABoxThatIsRenamedDuringTheVerification(t *testing.T) {
	for name, rename := range map[string]func(r *coretest.Registry, ada string) (box string){
		"box": func(r *coretest.Registry, ada string) string {
			r.Do(t, "PUT", box, ada, `{"name":"bookworm"}`).Want(t, 200)
			r.Box(t, ada, "acme", "debian", true) // has nothing to do with it
			return "/api/organization/acme/box/bookworm"
		},
		"organization": func(r *coretest.Registry, ada string) string {
			o, err := r.Core.Catalog.Organization(t.Context(), "acme")
			if err == nil {
				_, err = r.Core.Catalog.RenameOrganization(t.Context(), o, "emca")
			}
			if err != nil {
				t.Fatal(err)
			}
			return "/api/organization/emca/box/debian"
		},
	} {
		t.Run(name, func(t *testing.T) {
			r, ada, gate := startSlow(t)
			content := virtualbox(t, "content")
			u := begin(t, r, ada, content)
			embeddedtest.Put(t, u.URLs[0].URL, content)
			complete(t, r, ada, u.ID).Want(t, 202)
			now := rename(r, ada) + strings.TrimPrefix(file, box)
			close(gate)
			waitFor(t, "the verification", func() bool {
				return upload(t, r.Do(t, "GET", now+"/multipart/"+u.ID, ada, nil).Want(t, 200)).State != "verifying"
			})
			wantFile(t, r, ada, now, content)
			if name == "box" {
				wantNoFile(t, r, ada, file)
			}
		})
	}
}

// slowToAssemble is a blob store that keeps who puts parts together waiting.
type slowToAssemble struct {
	blobstore.Store
	gate chan struct{}
}

func (s *slowToAssemble) Complete(ctx context.Context, u blobstore.Upload, parts []blobstore.Part) (blobstore.Object, error) {
	<-s.gate
	return s.Store.Complete(ctx, u, parts)
}

// From the moment that it no longer takes parts, an upload is looked after: its client may never
// come back.
func TestTheJanitorKnowsOfAnUploadBeforeItIsPutTogether(t *testing.T) {
	gate := make(chan struct{})
	r, ada := start(t, func(o *core.Options) { o.Blobs = &slowToAssemble{o.Blobs, gate} })
	content := virtualbox(t, "content")
	u := begin(t, r, ada, content)
	embeddedtest.Put(t, u.URLs[0].URL, content)
	done := make(chan int, 1)
	go func() {
		defer close(done)
		done <- complete(t, r, ada, u.ID).Status
	}()
	waitFor(t, "the upload to be put together", func() bool { return state(t, r, ada, u.ID).State == "completing" })
	r.Clock.Advance(61 * time.Second)
	due, err := r.Core.Catalog.Due(t.Context(), 10)
	due = slices.DeleteFunc(due, func(d catalog.Due) bool { return d.Kind == catalog.DueEvent })
	if err != nil || len(due) != 1 || due[0].Kind != catalog.DueCheck || due[0].Upload != u.ID {
		t.Errorf("due are %+v, %v", due, err)
	}
	close(gate)
	if status := <-done; status != 200 {
		t.Errorf("answered %d", status)
	}
	wantFile(t, r, ada, file, content)
}

// crash leaves an upload in a state as a process that was killed does.
func crash(t *testing.T, r *coretest.Registry, id string, at registry.UploadState) {
	t.Helper()
	a, err := r.Core.Catalog.BoxAccess(t.Context(), 0, "acme", "debian", catalog.Wanted{Upload: id})
	if err != nil || a.Upload == nil {
		t.Fatal("no upload", err)
	}
	u := *a.Upload
	if at == registry.UploadVerifying { // the object is there
		parts, err := r.Core.Blobs.Parts(t.Context(), blobstore.Upload{Key: u.Blob, ID: u.BlobID, PartSize: u.PartSize})
		if err == nil {
			_, err = r.Core.Blobs.Complete(t.Context(), blobstore.Upload{Key: u.Blob, ID: u.BlobID, PartSize: u.PartSize}, parts)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	u.State, u.Lease = at, r.Clock.Now().Add(time.Minute)
	if err := r.Core.Catalog.Watch(t.Context(), u, u.Lease); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Core.Catalog.SaveUpload(t.Context(), u); err != nil {
		t.Fatal(err)
	}
}

// A process that is killed while it puts an upload together or verifies it is followed by whoever
// comes first: the janitor, or the client that asks how far it is.
func TestAnUploadSurvivesACrash(t *testing.T) {
	for _, at := range []registry.UploadState{registry.UploadCompleting, registry.UploadVerifying} {
		for name, follow := range map[string]func(*coretest.Registry, string, string){
			"janitor":  func(r *coretest.Registry, _, _ string) { r.Sweep(t) },
			"reading":  func(r *coretest.Registry, ada, id string) { state(t, r, ada, id) },
			"complete": func(r *coretest.Registry, ada, id string) { complete(t, r, ada, id).Want(t, 200) },
		} {
			t.Run(string(at)+", "+name, func(t *testing.T) {
				r, ada := start(t)
				content := virtualbox(t, "content")
				u := begin(t, r, ada, content)
				embeddedtest.Put(t, u.URLs[0].URL, content)
				crash(t, r, u.ID, at)
				r.Sweep(t) // as long as it may be alive, it is left alone
				if got := state(t, r, ada, u.ID); got.State != string(at) {
					t.Fatalf("it is %+v", got)
				}
				complete(t, r, ada, u.ID).Want(t, 202)
				r.Clock.Advance(61 * time.Second)
				follow(r, ada, u.ID)
				wantFile(t, r, ada, file, content)
				r.Sweep(t)
				if got := state(t, r, ada, u.ID); got.State != "stored" {
					t.Errorf("it ended as %+v", got)
				}
			})
		}
	}
}

// The janitor comes back to a verification that is still going on.
func TestAVerificationThatIsAliveIsWatchedOn(t *testing.T) {
	r, ada, gate := startSlow(t)
	content := virtualbox(t, "content")
	u := begin(t, r, ada, content)
	embeddedtest.Put(t, u.URLs[0].URL, content)
	complete(t, r, ada, u.ID).Want(t, 202)
	r.Clock.Advance(61 * time.Second) // the process gives no sign of life
	if r.Sweep(t) == 0 {              // so the janitor begins anew, and hangs at the gate as well
		t.Error("nobody looks after it")
	}
	if got := state(t, r, ada, u.ID); got.State != "verifying" {
		t.Errorf("it is %+v", got)
	}
	close(gate)
	waitFor(t, "one of the two to end", func() bool { return state(t, r, ada, u.ID).State != "verifying" })
	wantFile(t, r, ada, file, content)
	r.Clock.Advance(61 * time.Second)
	r.Sweep(t)
	wantFile(t, r, ada, file, content)
}
