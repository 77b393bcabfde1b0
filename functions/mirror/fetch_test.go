package mirror_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/catalog"
)

// ready is a registry whose janitor works when it is told to.
func ready(t *testing.T, up *cloud, change ...func(*core.Options)) (r *coretest.Registry, ada string) {
	t.Helper()
	quick := func(o *core.Options) { o.MirrorPatience = time.Nanosecond }
	r, ada = coretest.Acme(t, append([]func(*core.Options){quick}, change...)...)
	r.Do(t, "PUT", "/api/organization/acme/mirror", ada, from(up)).Want(t, 200)
	follow(t, r.Registry, "/acme/debian", "").Want(t, 200)
	r.Sweep(t)
	return r, ada
}

func TestWhoWaitsTooLongIsLedToTheUpstream(t *testing.T) {
	up := newCloud(t)
	body := box(t, "slow")
	up.publish("hashi/debian", "1.0.0", body)
	r, _ := ready(t, up)
	if to := r.Do(t, "GET", file, "", nil).Want(t, 302).Header.Get("Location"); !strings.HasPrefix(to, up.api.URL) {
		t.Errorf("it is led to %s", to)
	}
	r.Do(t, "HEAD", file, "", nil).Want(t, 302)
	r.Sweep(t)
	if to := r.Do(t, "GET", file, "", nil).Want(t, 302).Header.Get("Location"); !strings.HasPrefix(to, r.URL) {
		t.Errorf("once it was fetched, it is led to %s", to)
	}
}

// The janitor is stopped in the middle of a file, or its time is over, as that of a function on AWS.
// Another one goes on with the parts that have come.
func TestAFetchThatDidNotComeToItsEndIsTakenUp(t *testing.T) {
	const partSize, size = 16 << 20, 20 << 20
	body := large(size)
	for name, within := range map[string]time.Duration{"it dies": time.Hour, "its turn is over": 34 * time.Second} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			up := newCloud(t)
			up.publish("hashi/debian", "1.0.0", body)
			r, _ := ready(t, up)
			r.Do(t, "GET", file, "", nil).Want(t, 302)
			arrived, release := make(chan struct{}), make(chan struct{})
			up.serving(func(w http.ResponseWriter, _ *http.Request, file []byte) {
				w.Header().Set("ETag", tagOf(file))
				w.Header().Set("Content-Length", fmt.Sprint(len(file)))
				_, _ = w.Write(file[:size-1])
				_ = http.NewResponseController(w).Flush()
				close(arrived)
				<-release
			})
			ctx, kill := context.WithTimeout(t.Context(), within)
			died := make(chan struct{})
			go func() {
				defer close(died)
				_, _ = r.Janitor.Sweep(ctx)
			}()
			<-arrived
			firstPart(t, r)
			if within == time.Hour {
				kill()
			}
			<-died
			kill()
			close(release)
			up.serving(content)
			if within == time.Hour {
				r.Clock.Advance(2 * time.Minute) // the lease of the one that died is over
			}
			r.Sweep(t)
			wantFile(t, follow(t, r.Registry, file, ""), body)
			if up.requests(fmt.Sprintf("bytes=%d-", partSize)) == 0 {
				t.Errorf("the storage was asked %q", up.asked)
			}
		})
	}
}

// firstPart waits until a part of the file is stored that is being fetched.
func firstPart(t *testing.T, r *coretest.Registry) {
	t.Helper()
	a, err := r.Core.Catalog.BoxAccess(t.Context(), 0, "acme", "debian", catalog.Wanted{Number: "1.0.0"})
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		u, err := r.Core.Catalog.FetchOf(t.Context(), a.Box, a.Version.Files()[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		parts, _ := r.Core.Blobs.Parts(t.Context(), blobstore.Upload{Key: u.Blob, ID: u.BlobID, PartSize: u.PartSize})
		if len(parts) > 0 {
			return
		}
	}
	t.Fatal("no part came")
}

// An upstream that fails is asked again as the janitor's list says, and given up after a day.
func TestAFileThatCannotBeHadIsTriedAgain(t *testing.T) {
	up := newCloud(t)
	body := box(t, "late")
	up.publish("hashi/debian", "1.0.0", body)
	r, _ := ready(t, up)
	up.serving(func(w http.ResponseWriter, _ *http.Request, _ []byte) {
		http.Error(w, "later", http.StatusServiceUnavailable)
	})
	r.Do(t, "GET", file, "", nil).Want(t, 302)
	tries := 0
	for range 100 {
		r.Sweep(t)
		if n := up.requests("vagrant.box") / 2; n > tries {
			tries = n
			r.Do(t, "GET", file, "", nil).WantError(t, 502, "UPSTREAM_ERROR")
		}
		r.Clock.Advance(20 * time.Minute)
	}
	if tries < 5 || tries > 15 {
		t.Errorf("it was tried %d times in more than a day", tries)
	}
	r.Clock.Advance(6 * time.Hour)
	r.Do(t, "GET", file, "", nil).Want(t, 302) // and is asked for anew
	up.serving(content)
	r.Sweep(t)
	wantFile(t, follow(t, r.Registry, file, ""), body)
}
