package client_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"testing"

	"github.com/boxvault/boxvault/embedded"
	"github.com/boxvault/boxvault/embedded/embeddedtest"
)

// startBehind starts a registry that clients reach by another address than its own: its signed
// links lead there, too. front is told the registry's address and returns the clients' URL.
func startBehind(t *testing.T, front func(t *testing.T, registry string) (url string)) *embeddedtest.Registry {
	t.Helper()
	// Both addresses have to be known before either side starts.
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	return embeddedtest.Start(t, func(o *embedded.Options) { o.Addr, o.URL = addr, front(t, addr) })
}

// meddler is an HTTP proxy that answers what it wants to by itself: meddle reports whether it did.
func meddler(meddle func(w http.ResponseWriter, r *http.Request) bool) func(*testing.T, string) string {
	return func(t *testing.T, registry string) string {
		proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: registry})
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !meddle(w, r) {
				proxy.ServeHTTP(w, r)
			}
		}))
		t.Cleanup(s.Close)
		return s.URL
	}
}

// wire is a TCP proxy that can be cut.
type wire struct {
	registry string

	mu   sync.Mutex
	up   int64 // bytes that went to the registry
	cuts map[direction]int64
	// every is how many bytes there are from cut to cut; 0: there is one cut.
	every int64
	// forGood wires stay cut.
	forGood, broken bool
}

type direction bool

const (
	up   direction = true
	down direction = false
)

func (w *wire) front(t *testing.T, registry string) string {
	w.registry = registry
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go w.serve(conn.(*net.TCPConn))
		}
	}()
	return "http://" + l.Addr().String()
}

// cutAfter has a connection cut when n bytes more have gone that way, and all others after it if
// that is for good.
func (w *wire) cutAfter(way direction, n int64, forGood bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cuts, w.every, w.forGood, w.broken = map[direction]int64{way: n}, 0, forGood, false
}

// cutEvery has connections cut whenever n bytes more have gone that way.
func (w *wire) cutEvery(way direction, n int64) {
	w.cutAfter(way, n, false)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.every = n
}

// mend lets everything through, and counts anew.
func (w *wire) mend() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cuts, w.broken, w.up = nil, false, 0
}

// sent is how many bytes have gone up since the wire was mended.
func (w *wire) sent() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.up
}

func (w *wire) serve(client *net.TCPConn) {
	defer client.Close()
	registry, err := net.Dial("tcp", w.registry)
	if err != nil {
		return
	}
	defer registry.Close()
	over := make(chan struct{}, 2)
	carry := func(way direction, to, from net.Conn) {
		defer func() { over <- struct{}{} }()
		buf := make([]byte, 32<<10)
		for {
			n, err := from.Read(buf)
			pass, cut := w.pass(way, int64(n))
			if _, writeErr := to.Write(buf[:pass]); err != nil || writeErr != nil {
				return
			}
			if cut {
				_ = client.SetLinger(0) // a reset, not an orderly end
				return
			}
		}
	}
	go carry(up, registry, client)
	go carry(down, client, registry)
	<-over
}

// pass says how many of n bytes go through, and whether the connection is cut behind them.
func (w *wire) pass(way direction, n int64) (through int64, cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	through = n
	if w.broken {
		return 0, true
	}
	if left, limited := w.cuts[way]; limited {
		through = min(n, left)
		w.cuts[way] = left - through
		if cut = through < n; cut {
			delete(w.cuts, way)
			if w.every > 0 {
				w.cuts[way] = w.every
			}
			w.broken = w.forGood
		}
	}
	if way == up {
		w.up += through
	}
	return through, cut
}
