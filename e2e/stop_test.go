package e2e

import (
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// TestStopLetsUploadsEnd asks a registry to stop in the middle of an upload: it takes no more
// requests, but the upload to its end.
func TestStopLetsUploadsEnd(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	p := serve(t, data)
	o := newOwner(t, p.URL)
	o.box(t, "debian12", true)
	spec := Box{Provider: "virtualbox", Architecture: "amd64", Disk: 4 << 20}
	file, to := makeBox(t, spec), o.target("debian12", "1.0.0", spec)
	content := must[[]byte](t)(os.ReadFile(file.Path))

	body := newGated(string(content))
	req := must[*http.Request](t)(http.NewRequestWithContext(t.Context(), "PUT", p.URL+filePath(to)+"/upload", body))
	req.ContentLength = file.Size
	req.Header.Set("X-Access-Token", o.token)
	req.Header.Set("Expect", "100-continue") // the registry has the request when the body begins
	var uploaded answer
	var broken error
	var upload sync.WaitGroup
	upload.Go(func() { uploaded, broken = exchange(req) })
	wait(t, body.half, "half of the upload")
	if err := p.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	until(t, "it takes no more connections", func() bool {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", p.Addr)
		if err == nil {
			conn.Close()
		}
		return err != nil
	})
	close(body.rest)
	upload.Wait()
	must[answer](t)(uploaded, broken).want(t, 200)
	if err := p.Wait(); err != nil {
		t.Errorf("it did not end well: %v", err)
	}
	o.Client = newClient(t, serve(t, data).URL, o.token)
	wantDownload(t, o, to, file)
}

// gated is a body whose second half comes when it is let.
type gated struct {
	io.Reader
	half chan struct{} // closed when the first half was read
	rest chan struct{} // close it to let the second half come
}

func newGated(text string) *gated {
	g := &gated{half: make(chan struct{}), rest: make(chan struct{})}
	middle := len(text) / 2
	g.Reader = io.MultiReader(strings.NewReader(text[:middle]), reader(func([]byte) (int, error) {
		close(g.half)
		<-g.rest
		return 0, io.EOF
	}), strings.NewReader(text[middle:]))
	return g
}

type reader func([]byte) (int, error)

func (r reader) Read(p []byte) (int, error) { return r(p) }
