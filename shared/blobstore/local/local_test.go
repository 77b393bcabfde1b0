package local_test

import (
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/blobstore/local"
	"github.com/boxvault/boxvault/shared/blobstore/storetest"
	"github.com/boxvault/boxvault/shared/keyring/keyringtest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Target {
		c := &clock{}
		return storetest.Target{
			Store: start(t, t.TempDir(), c.now),
			Expired: func(sign func() blobstore.Link) blobstore.Link {
				link := sign()
				c.ahead.Add(int64(time.Hour))
				return link
			},
		}
	})
}

func BenchmarkStore(b *testing.B) {
	storetest.Bench(b, func(b *testing.B) blobstore.Store { return start(b, b.TempDir(), nil) })
}

// start opens the store in dir, and serves its links, until the test ends.
func start(t testing.TB, dir string, now func() time.Time) *local.Store {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	s := open(t, dir, local.Options{BaseURL: "http://" + server.Listener.Addr().String(), Keys: keyringtest.Fixed(keyringtest.Ring("a secret")), Now: now})
	server.Config.Handler = s.Handler()
	server.Start()
	t.Cleanup(server.Close)
	return s
}

func open(t testing.TB, dir string, o local.Options) *local.Store {
	t.Helper()
	s, err := local.Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// clock can be set ahead.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }
