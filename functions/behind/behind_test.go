package behind_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/behind"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

const file = "/api/organization/acme/box/debian/version/1.0.0/provider/qemu/architecture/amd64"

// A deleted box is cleared at once, and its file an hour later, when no link to it lives any more.
func TestWhatADeletedBoxLeavesIsDoneWhenItIsTime(t *testing.T) {
	w, ada := start(t)
	box := w.Box(t, ada, "acme", "debian", false)
	w.Upload(t, ada, file, []byte("x")).Want(t, 200)
	w.Do(t, "DELETE", box, ada, nil).Want(t, 200)
	w.settle()
	left := w.list()
	if len(left) != 1 || left[0].Kind != catalog.DueBlobs {
		t.Fatalf("left are %+v", left)
	}
	blob, hops := left[0].Blobs[0], 0
	for ; w.Clock.Now().Before(left[0].At); hops++ {
		if _, err := w.Core.Blobs.Head(t.Context(), blob); err != nil {
			t.Fatalf("before its time the file is gone: %v", err)
		}
		w.Clock.Advance(15*time.Minute + time.Second)
		w.settle()
	}
	if _, err := w.Core.Blobs.Head(t.Context(), blob); !errors.Is(err, blobstore.ErrNotFound) || len(w.list()) != 0 {
		t.Errorf("the file is there, %v, and left is %v", err, w.kinds())
	}
	if hops > 5 || len(w.line.messages) != 0 {
		t.Errorf("it took %d hops, the queue has %v", hops, w.line.messages)
	}
}

// What is far away is not sent around for days; the sweep finds it when its time has come.
func TestWhatIsFarAwayIsLeftToTheSweep(t *testing.T) {
	w, ada := start(t)
	w.Box(t, ada, "acme", "debian", false)
	w.Do(t, "POST", file+"/file/multipart", ada, map[string]any{"size": 5}).Want(t, 201)
	w.settle()
	left, sent := w.list(), w.line.sent
	if len(left) != 1 || len(w.line.messages) != 0 {
		t.Fatalf("left are %v, the queue has %v", w.kinds(), w.line.messages)
	}
	sweep := func() int {
		t.Helper()
		n, err := w.Service.Sweep(t.Context())
		w.must(err)
		w.settle()
		return n
	}
	w.Clock.Advance(registry.UploadLife + behind.Grace - time.Minute)
	if n := sweep(); n != 0 || len(w.list()) != 1 || w.line.sent != sent {
		t.Errorf("within the grace %d pieces were swept, left are %v", n, w.kinds())
	}
	w.Clock.Advance(2 * time.Minute)
	if n := sweep(); n != 1 || len(w.list()) != 0 {
		t.Errorf("%d pieces were swept, left are %v", n, w.kinds())
	}
	if n := sweep(); n != 0 {
		t.Errorf("%d pieces were swept once more", n)
	}
}

// An upload whose function went away while it was verified is taken over when its lease is over.
func TestAVerificationIsTakenOver(t *testing.T) {
	w, ada := start(t)
	w.Box(t, ada, "acme", "debian", false)
	u := embeddedtest.JSON[api.Upload](t, w.Do(t, "POST", file+"/file/multipart", ada, map[string]any{"size": 5}).Want(t, 201))
	part, err := http.NewRequestWithContext(t.Context(), "PUT", u.URLs[0].URL, strings.NewReader("bytes"))
	w.must(err)
	resp, err := http.DefaultClient.Do(part)
	w.must(err)
	w.must(resp.Body.Close())

	a, err := w.Core.Catalog.BoxAccess(t.Context(), 0, "acme", "debian", catalog.Wanted{Upload: u.ID})
	w.must(err)
	a.Upload.State, a.Upload.Lease = registry.UploadCompleting, w.Clock.Now().Add(time.Minute)
	_, err = w.Core.Catalog.TakeUpload(t.Context(), *a.Upload)
	w.must(err)
	w.settle()
	w.Do(t, "GET", file+"/file/info", ada, nil).Want(t, 404)
	w.Clock.Advance(2 * time.Minute)
	w.settle()
	w.Do(t, "GET", file+"/file/info", ada, nil).Want(t, 200)
}

// More than a page is swept, and what is swept is where it was until it is done.
func TestASweepTakesAll(t *testing.T) {
	const n = 250
	w, _ := start(t)
	for i := range n {
		u := registry.Upload{ID: fmt.Sprint("u", i), BoxID: 1, Home: "acme/debian"}
		w.must(w.Core.Catalog.Watch(t.Context(), u, w.Clock.Now().Add(time.Duration(i)*time.Millisecond)))
	}
	w.Clock.Advance(behind.Grace + time.Minute)
	if sent, err := w.Service.Sweep(t.Context()); sent != n || err != nil || len(w.line.messages) != n || len(w.list()) != n {
		t.Errorf("%d of %d were sent, %v", sent, n, err)
	}
	w.settle()
	if left := len(w.list()); left != 0 {
		t.Errorf("%d are left", left)
	}
}

// stuck is a blob store that does not delete for now.
type stuck struct {
	blobstore.Store
	now atomic.Bool
}

func (s *stuck) Delete(ctx context.Context, key string) error {
	if s.now.Load() {
		return errors.New("not now")
	}
	return s.Store.Delete(ctx, key)
}

// What fails comes by a message of its own, later each time; its first message has done its part.
func TestWorkThatFailsComesAgainLater(t *testing.T) {
	var store stuck
	w, ada := start(t, func(o *core.Options) { store.Store, o.Blobs = o.Blobs, &store })
	w.Box(t, ada, "acme", "debian", false)
	w.Upload(t, ada, file, []byte("x")).Want(t, 200)
	w.Do(t, "DELETE", file, ada, nil).Want(t, 200)
	w.settle()
	store.now.Store(true)
	for at := w.list()[0].At; !w.Clock.Now().After(at); {
		w.Clock.Advance(15*time.Minute + time.Second)
		w.settle()
	}
	if left := w.list(); len(left) != 1 || left[0].Tries != 1 || !left[0].At.After(w.Clock.Now()) || !strings.Contains(w.log.String(), "not now") {
		t.Fatalf("left is %+v, the log says %q", left, w.log.String())
	}
	store.now.Store(false)
	w.Clock.Advance(2 * time.Minute)
	w.settle()
	if left := w.list(); len(left) != 0 {
		t.Errorf("left is %+v", left)
	}
}

// What can be no place is an error, so that its message ends among the dead letters; a place where
// nothing is has been done.
func TestAMessageThatIsNoPlaceIsRefused(t *testing.T) {
	w, _ := start(t)
	for _, message := range []string{"", "no place", "\x00", "\xff", strings.Repeat("9", 300), "20270102T030405.678Z", "20270102T030405.678Z#a b", "20270102T030405.678Z#" + strings.Repeat("1", 1000)} {
		if err := w.Work(t.Context(), message); registry.KindOf(err) != registry.Invalid {
			t.Errorf("%.30q was answered %v", message, err)
		}
	}
	w.must(w.Work(t.Context(), "20270102T030405.678Z#17"))
}

// A message that comes twice, at the same time even, does the work and leaves nothing behind.
func TestAMessageThatComesTwice(t *testing.T) {
	w, ada := start(t)
	for i := range 10 {
		box := w.Box(t, ada, "acme", fmt.Sprint("box", i), false)
		w.Do(t, "DELETE", box, ada, nil).Want(t, 200)
	}
	var wg sync.WaitGroup
	for _, d := range w.list() {
		w.seen[d.Place()] = true
		for range 3 {
			wg.Go(func() {
				if err := w.Work(t.Context(), d.Place()); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	if left := w.list(); len(left) != 0 {
		t.Errorf("left is %+v", left)
	}
}

// While the queue does not answer nothing is taken for sent.
func TestAQueueThatDoesNotAnswerIsTold(t *testing.T) {
	w, ada := start(t)
	w.line.broken = true
	w.Do(t, "DELETE", w.Box(t, ada, "acme", "debian", false), ada, nil).Want(t, 200)
	for _, d := range w.list() {
		if err := w.Forward(t.Context(), d.Place()); err == nil {
			t.Error("the message is taken for sent")
		}
	}
	w.Clock.Advance(behind.Grace + time.Minute)
	if sent, err := w.Service.Sweep(t.Context()); sent != 0 || err == nil {
		t.Errorf("%d are taken for sent, %v", sent, err)
	}
	w.line.broken = false
	_, err := w.Service.Sweep(t.Context())
	w.must(err)
	w.settle()
	if left := w.list(); len(left) != 0 {
		t.Errorf("left is %v", w.kinds())
	}
}
