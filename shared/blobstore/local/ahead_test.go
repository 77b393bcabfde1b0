package local_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/blobstore/local"
	"github.com/boxvault/boxvault/shared/keyring/keyringtest"
)

// linked is an upload whose parts are sent to links.
type linked struct {
	*testing.T
	store  *local.Store
	upload blobstore.Upload
	bytes  []byte
}

func newLinked(t *testing.T, size int) *linked {
	t.Helper()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	store, err := local.Open(t.TempDir(), local.Options{BaseURL: server.URL, Keys: keyringtest.Fixed(keyringtest.Ring("a secret"))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	mux.Handle(local.Prefix, store.Handler())
	u, err := store.Begin(t.Context(), "key", blobstore.MinPart)
	if err != nil {
		t.Fatal(err)
	}
	l := &linked{T: t, store: store, upload: u, bytes: make([]byte, size)}
	_, _ = rand.NewChaCha8([32]byte{7}).Read(l.bytes)
	return l
}

// part is the bytes of part n.
func (l *linked) part(n int) []byte {
	return slices.Collect(slices.Chunk(l.bytes, blobstore.MinPart))[n-1]
}

func (l *linked) send(n int, part []byte) {
	l.Helper()
	link, err := l.store.SignPart(l.Context(), l.upload, n, time.Minute)
	if err != nil {
		l.Fatal(err)
	}
	req, err := http.NewRequestWithContext(l.Context(), link.Method, link.URL, bytes.NewReader(part))
	if err != nil {
		l.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		l.Fatal(err)
	}
	defer resp.Body.Close()
	if body, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusOK {
		l.Fatalf("part %d: %s %s", n, resp.Status, body)
	}
}

func (l *linked) complete() {
	l.Helper()
	parts, err := l.store.Parts(l.Context(), l.upload)
	if err != nil {
		l.Fatal(err)
	}
	if _, err := l.store.Complete(l.Context(), l.upload, parts); err != nil {
		l.Fatal(err)
	}
}

// The sum is never another one than that of the object, and it is known when parts came in order.
func (l *linked) wantSeen(must bool) {
	l.Helper()
	sum, ok := blobstore.Seen(blobstore.Guard(l.store), l.upload.Key)
	if must && !ok {
		l.Error("the store did not see the object")
	}
	object, err := l.store.Open(l.Context(), l.upload.Key, 0)
	if err != nil {
		l.Fatal(err)
	}
	defer object.Close()
	stored, err := io.ReadAll(object)
	if err != nil {
		l.Fatal(err)
	}
	if !bytes.Equal(stored, l.bytes) {
		l.Fatal("the object is not what was sent")
	}
	if want := sha256.Sum256(stored); ok && sum != hex.EncodeToString(want[:]) {
		l.Errorf("seen %s, the object has %x", sum, want)
	}
	if _, again := l.store.Seen(l.upload.Key); again {
		l.Error("the sum is told twice")
	}
}

func TestSeen(t *testing.T) {
	const size = 4*blobstore.MinPart + 12345
	for name, order := range map[string][]int{
		"in order": {1, 2, 3, 4, 5}, "the last first": {5, 1, 2, 3, 4}, "backwards": {5, 4, 3, 2, 1}, "mixed": {2, 1, 5, 3, 4},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLinked(t, size)
			for _, n := range order {
				l.send(n, l.part(n))
			}
			l.complete()
			l.wantSeen(true)
		})
	}
	t.Run("one part", func(t *testing.T) {
		l := newLinked(t, 10)
		l.send(1, l.bytes)
		l.complete()
		l.wantSeen(true)
	})
}

// A part that was read ahead and then sent again with other bytes is not in the sum that is told.
func TestSeenIsNotOfAPartThatWasReplaced(t *testing.T) {
	for replaced := 1; replaced <= 3; replaced++ {
		l := newLinked(t, 2*blobstore.MinPart+5)
		for n := 1; n <= 3; n++ {
			if n == replaced {
				l.send(n, bytes.Repeat([]byte{0xff}, len(l.part(n))))
			} else {
				l.send(n, l.part(n))
			}
		}
		l.send(replaced, l.part(replaced))
		l.complete()
		l.wantSeen(false)
	}
}

// Who stores parts by PutPart has seen them himself.
func TestSeenIsForLinks(t *testing.T) {
	l := newLinked(t, 10)
	if _, err := l.store.PutPart(t.Context(), l.upload, 1, bytes.NewReader(l.bytes), 10); err != nil {
		t.Fatal(err)
	}
	l.complete()
	if sum, ok := l.store.Seen(l.upload.Key); ok {
		t.Errorf("seen %s", sum)
	}
}

func TestSeenIsForgottenWithTheObject(t *testing.T) {
	l := newLinked(t, 10)
	l.send(1, l.bytes)
	l.complete()
	if err := l.store.Delete(t.Context(), l.upload.Key); err != nil {
		t.Fatal(err)
	}
	if _, ok := l.store.Seen(l.upload.Key); ok {
		t.Error("the sum of a deleted object is told")
	}
}
