package files_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/functions/core/coretest"
)

// cutOff sends the head and the beginning of a body, and hangs up in the middle of it. It returns
// once the registry is done with the request.
func cutOff(t *testing.T, r *coretest.Registry, token, path, header, body string) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(r.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nX-Access-Token: %s\r\n%s\r\n\r\n%s", path, token, header, body)
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	// The writing side is shut only, so that the answer can be read.
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != 400 || !strings.Contains(string(answer), "UPLOAD_ERROR") {
		t.Errorf("%d %s, %v", resp.StatusCode, answer, err)
	}
}

func TestAnUploadThatBreaksOffLeavesWhatWasThere(t *testing.T) {
	const form = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\nhalf of"
	r, ada := start(t)
	policy(t, r, ada, `{"mutableReleases":true}`)
	cut := func() {
		cutOff(t, r, ada, file+"/upload", "Content-Length: 1000", "half of it")
		cutOff(t, r, ada, file+"/upload", "Transfer-Encoding: chunked", "5\r\nhello\r\n100\r\nhalf of it")
		cutOff(t, r, ada, file, "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000", form)
		cutOff(t, r, ada, file, "Content-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked", fmt.Sprintf("%x\r\n%s\r\n", len(form), form))
		// A form that is whole to HTTP and has no end.
		cutOff(t, r, ada, file, fmt.Sprint("Content-Type: multipart/form-data; boundary=b\r\nContent-Length: ", len(form)), form)
	}
	cut()
	wantNoFile(t, r, ada, file)
	r.Do(t, "GET", version, ada, nil).WantError(t, 404, "NOT_FOUND")
	good := virtualbox(t, "good")
	r.Upload(t, ada, target, good).Want(t, 200)
	cut()
	wantFile(t, r, ada, file, good)
	r.Sweep(t)
	if n := stored(t, r); n != 1 {
		t.Errorf("%d files take room for one that is listed", n)
	}
}

// A client that is gone altogether is not there to be told; its bytes are taken away all the same.
func TestAClientThatIsGone(t *testing.T) {
	r, ada := start(t)
	conn, err := net.Dial("tcp", strings.TrimPrefix(r.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(conn, "POST %s/upload HTTP/1.1\r\nHost: x\r\nX-Access-Token: %s\r\nContent-Length: 1000\r\n\r\nhalf of it", file, ada)
	waitFor(t, "the upload to begin", func() bool { return stored(t, r) > 0 })
	if err := conn.(*net.TCPConn).SetLinger(0); err != nil { // the connection is reset
		t.Fatal(err)
	}
	conn.Close()
	waitFor(t, "its bytes to go", func() bool { r.Sweep(t); return stored(t, r) == 0 })
	wantNoFile(t, r, ada, file)
}

// waitFor asks again and again until it is so.
func waitFor(t *testing.T, what string, so func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(20 * time.Second)
	for !so() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}
