package main_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/shared/api"
)

// upload is one that is under way: what is written to it is its body.
type upload struct {
	*io.PipeWriter
	answer chan *http.Response // nil when there was none
}

// begin opens an upload of a file of that size; -1 does not say it.
func (w *world) begin(t testing.TB, p *process, path string, size int64) upload {
	t.Helper()
	body, in := io.Pipe()
	req := request(t, "POST", p.url+path+"/file/upload", w.owner, body)
	req.ContentLength = size
	u := upload{in, make(chan *http.Response, 1)}
	go func() {
		resp, _ := new(http.Transport).RoundTrip(req) // a connection of its own
		u.answer <- resp
		_ = body.Close()
	}()
	t.Cleanup(func() { _ = in.CloseWithError(io.ErrUnexpectedEOF) })
	return u
}

func (u upload) send(t testing.TB, bytes []byte) {
	t.Helper()
	if _, err := u.Write(bytes); err != nil {
		t.Fatal(err)
	}
}

// underWay waits until the registry has so many uploads to the architecture.
func (w *world) underWay(t testing.TB, path string, n int) {
	t.Helper()
	for end := time.Now().Add(time.Minute); ; {
		list := embeddedtest.JSON[[]api.Upload](t, w.Do(t, "GET", path+"/file/multipart", w.owner, nil).Want(t, 200))
		if len(list) == n {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d uploads are under way, not %d", len(list), n)
		}
	}
}

var content = []byte(strings.Repeat("0123456789abcdef", 64<<10)) // 1 MiB

// A task is ended by SIGTERM when a new one has its place, or the service shrinks.
func TestAnUploadThatIsUnderWayEndsWellBeforeTheProcessDoes(t *testing.T) {
	w := newWorld(t)
	p := start(t, w.env)
	u := w.begin(t, p, architecture, 2*mib)
	u.send(t, content)
	w.underWay(t, architecture, 1)

	p.terminate(t)
	address := strings.TrimPrefix(p.url, "http://")
	for end := time.Now().Add(time.Minute); ; {
		conn, err := net.Dial("tcp", address)
		if err != nil { // it takes nothing new
			break
		}
		conn.Close()
		if time.Now().After(end) {
			t.Fatal("it goes on listening")
		}
	}
	select {
	case <-p.ended:
		t.Fatal("it ended with an upload under way")
	default:
	}
	u.send(t, content)
	_ = u.Close()
	if resp := <-u.answer; resp == nil || resp.StatusCode != 200 {
		t.Fatalf("the upload was answered %+v", resp)
	}
	if <-p.ended; p.err != nil {
		t.Errorf("it ended with %v", p.err)
	}
	f := embeddedtest.JSON[api.File](t, w.Do(t, "GET", architecture+"/file/info", w.owner, nil).Want(t, 200))
	if f.FileSize != 2*mib {
		t.Errorf("listed is %+v", f)
	}
}

func TestAnUploadThatBreaksOffListsNothing(t *testing.T) {
	w := newWorld(t)
	p := start(t, w.env)
	for _, size := range []int64{40 * mib, -1} {
		u := w.begin(t, p, architecture, size)
		for range 20 {
			u.send(t, content)
		}
		w.underWay(t, architecture, 1)
		_ = u.CloseWithError(io.ErrUnexpectedEOF) // the connection breaks
		<-u.answer
		w.underWay(t, architecture, 0)
		w.Do(t, "GET", architecture+"/file/info", w.owner, nil).WantError(t, 404, "NOT_FOUND")
	}
	w.Sweep(t)
	path, sum := box(t, "qemu", 20*mib) // it goes on, and the place is as it was
	if got := curl(t, "-X", "POST", "-T", path, "-H", "x-access-token: "+w.owner, p.url+architecture+"/file/upload"); !strings.HasSuffix(got, " 200") {
		t.Errorf("the next upload was answered %s", got)
	}
	w.wantFile(t, architecture, sum)
}

// As many uploads as docs/operations.md says that a task takes in at a time, by what is known of their length.
const knownAtOnce, formsAtOnce, unknownAtOnce = 8, 5, 3

// A task has memory for so many files, and for fewer whose length is not known; one more must not end all of them.
func TestTheRelayTakesAsManyUploadsAsItHasRoomFor(t *testing.T) {
	for about, c := range map[string]struct {
		size int64
		most int
	}{"of known length": {2 * mib, knownAtOnce}, "of unknown length": {-1, unknownAtOnce}} {
		t.Run(about, func(t *testing.T) {
			w := newWorld(t)
			p := start(t, w.env)
			var list []upload
			for range c.most {
				u := w.begin(t, p, architecture, c.size)
				u.send(t, content)
				list = append(list, u)
			}
			w.underWay(t, architecture, len(list))
			w.wantFull(t, p)
			w.Send(t, request(t, "GET", p.url+architecture+"/file/multipart/none", w.owner, nil)).WantError(t, 404, "NOT_FOUND")
			list[0].send(t, content)
			_ = list[0].Close()
			if resp := <-list[0].answer; resp == nil || resp.StatusCode != 200 {
				t.Fatalf("the first upload was answered %+v", resp)
			}
			other := strings.Replace(architecture, "1.0.0", "1.1.0", 1)
			w.Send(t, request(t, "POST", p.url+other+"/file/upload", w.owner, strings.NewReader("x"))).Want(t, 200)
		})
	}
}

// A form has less room than a body by itself, and a page of another origin can read why it is refused. What is no
// upload goes on.
func TestARelayThatIsFullAnswersAllElse(t *testing.T) {
	w := newWorld(t)
	p := start(t, w.env)
	provider := "/api/v2/box/acme/debian/version/2.0.0/provider"
	w.Do(t, "POST", "/api/v2/box/acme/debian/versions", w.owner, map[string]any{"version": map[string]any{"version": "2.0.0"}}).Want(t, 200)
	w.Do(t, "POST", provider+"s", w.owner, map[string]any{"provider": map[string]any{"name": "qemu", "architecture": "amd64"}}).Want(t, 200)
	for range knownAtOnce {
		w.begin(t, p, architecture, 2*mib).send(t, content)
	}
	w.underWay(t, architecture, knownAtOnce)

	req := request(t, "POST", p.url+architecture+"/file", w.owner, strings.NewReader("x"))
	req.Header.Set("Origin", "https://pages.example")
	a := w.Send(t, req)
	a.WantError(t, 503, "SERVICE_UNAVAILABLE")
	for name, want := range map[string]string{
		"Access-Control-Allow-Origin": "https://pages.example", "X-Content-Type-Options": "nosniff", "Retry-After": "60",
	} {
		if got := a.Header.Get(name); got != want {
			t.Errorf("%s is %q, not %q", name, got, want)
		}
	}
	w.Send(t, request(t, "POST", p.url+architecture+"/file/upload", "", strings.NewReader("x"))).WantError(t, 401, "TOKEN_INVALID")
	w.Send(t, request(t, "PUT", p.url+provider+"/qemu/amd64", w.owner, strings.NewReader(`{"provider":{"name":"qemu"}}`))).Want(t, 200)
}

func (w *world) wantFull(t *testing.T, p *process) {
	t.Helper()
	a := w.Send(t, request(t, "POST", p.url+architecture+"/file/upload", w.owner, strings.NewReader("x")))
	a.WantError(t, 503, "SERVICE_UNAVAILABLE")
	if !strings.Contains(string(a.Body), "boxvault push") || !strings.Contains(string(a.Body), `"retryAfter":60`) {
		t.Errorf("it is answered %s", a.Body)
	}
}

// A form of terabytes would be kept in parts that no task has the memory for.
func TestWhatNoTaskHasMemoryForIsRefusedBeforeItComes(t *testing.T) {
	w := newWorld(t)
	p := start(t, w.env)
	conn, err := net.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST %s/file HTTP/1.1\r\nHost: boxes.example\r\nX-Access-Token: %s\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: %d\r\n\r\n", architecture, w.owner, int64(3e12))
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != 413 || !strings.Contains(string(body), "boxvault push") || !strings.Contains(string(body), `"maxSize":2936012800000`) {
		t.Errorf("it is answered %d %s, %v", resp.StatusCode, body, err)
	}
}
