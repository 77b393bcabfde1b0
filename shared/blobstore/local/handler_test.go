package local_test

import (
	"bytes"
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/blobstore/local"
	"github.com/boxvault/boxvault/shared/keyring/keyringtest"
)

// ask has the handler answer a request, with "name", "value", … as its header.
func ask(s *local.Store, method, url string, body io.Reader, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, url, body)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w
}

// stored makes an object and returns a link to it.
func stored(t *testing.T, s *local.Store, content string) string {
	t.Helper()
	u := begin(t, s)
	complete(t, s, u, putPart(t, s, u, 1, []byte(content)))
	return signGet(t, s, u.Key)
}

// signPart returns a link to part 1.
func signPart(t *testing.T, s *local.Store, u blobstore.Upload) string {
	t.Helper()
	link, err := s.SignPart(t.Context(), u, 1, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return link.URL
}

func signGet(t *testing.T, s *local.Store, key string) string {
	t.Helper()
	link, err := s.SignGet(t.Context(), key, blobstore.LinkOptions{TTL: time.Minute, FileName: "name.box"})
	if err != nil {
		t.Fatal(err)
	}
	return link.URL
}

func wantHeaders(t *testing.T, w *httptest.ResponseRecorder, want map[string]string) {
	t.Helper()
	for name, value := range want {
		if got := w.Header().Get(name); got != value {
			t.Errorf("%s: %q, want %q", name, got, value)
		}
	}
}

func TestHead(t *testing.T) {
	s := open(t, t.TempDir(), options)
	w := ask(s, http.MethodHead, stored(t, s, "content"), nil)
	if w.Code != http.StatusOK || w.Body.Len() != 0 {
		t.Errorf("status %d, %d bytes", w.Code, w.Body.Len())
	}
	wantHeaders(t, w, map[string]string{
		"Content-Length":      "7",
		"Content-Type":        "application/octet-stream",
		"Content-Disposition": "attachment; filename=name.box",
		"Accept-Ranges":       "bytes",
	})
}

// With Content-Range in it, a 416 has curl 7.88 fail when it resumes a file that is complete.
func TestRangeBehindTheEnd(t *testing.T) {
	s := open(t, t.TempDir(), options)
	w := ask(s, http.MethodGet, stored(t, s, "content"), nil, "Range", "bytes=7-")
	if w.Code != http.StatusRequestedRangeNotSatisfiable || w.Header().Values("Content-Range") != nil {
		t.Errorf("status %d, header %v", w.Code, w.Header())
	}
}

// fileReceiver notes what the handler hands on: a system can send a file by itself, if it gets
// to see that it is one.
type fileReceiver struct {
	*httptest.ResponseRecorder
	file *os.File
}

func (w *fileReceiver) ReadFrom(r io.Reader) (int64, error) {
	if limited, ok := r.(*io.LimitedReader); ok {
		w.file, _ = limited.R.(*os.File)
	}
	return io.Copy(w.ResponseRecorder, r)
}

func TestFilesAreHandedOnAsFiles(t *testing.T) {
	s := open(t, t.TempDir(), options)
	w := &fileReceiver{ResponseRecorder: httptest.NewRecorder()}
	s.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, stored(t, s, "content"), nil))
	if w.file == nil || w.Body.String() != "content" {
		t.Errorf("file %v, body %q", w.file, w.Body)
	}
}

func TestWhatWasUploadedDoesNotRun(t *testing.T) {
	s := open(t, t.TempDir(), options)
	url := stored(t, s, "<script>")
	for url, disposition := range map[string]string{url: "attachment; filename=name.box", url + "x": ""} { // the other one is refused
		wantHeaders(t, ask(s, http.MethodGet, url, nil), map[string]string{
			"X-Content-Type-Options":  "nosniff",
			"Content-Security-Policy": "default-src 'none'; sandbox",
			"Referrer-Policy":         "no-referrer",
			"Content-Disposition":     disposition,
		})
	}
}

// A page of another origin asks first (a preflight), and then reads the answer, and its ETag.
func TestPagesOfOtherOrigins(t *testing.T) {
	s := open(t, t.TempDir(), options)
	url := signPart(t, s, begin(t, s))
	w := ask(s, http.MethodOptions, url, nil, "Origin", "https://registry.example", "Access-Control-Request-Method", "PUT")
	if w.Code != http.StatusNoContent {
		t.Errorf("preflight: status %d", w.Code)
	}
	wantHeaders(t, w, map[string]string{
		"Access-Control-Allow-Origin":  "*",
		"Access-Control-Allow-Methods": "GET, HEAD, PUT",
		"Access-Control-Allow-Headers": "*",
	})
	for _, w := range []*httptest.ResponseRecorder{
		ask(s, http.MethodPut, url, strings.NewReader("content")),
		ask(s, http.MethodPut, url+"x", strings.NewReader("content")),
	} {
		if w.Header().Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(w.Header().Get("Access-Control-Expose-Headers"), "ETag") {
			t.Errorf("status %d: header %v", w.Code, w.Header())
		}
	}
}

func TestRefusalsAreThoseOfS3(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, options)
	u, largest := begin(t, s), beginLargest(t, s)
	get, put, putLargest := stored(t, s, "content"), signPart(t, s, u), signPart(t, s, largest)
	ended := signPart(t, s, blobstore.Upload{Key: "key", ID: "ended"})
	gone, unreadable := signGet(t, s, "gone"), signGet(t, s, "no-folder")
	if err := os.WriteFile(filepath.Join(dir, "objects", "no"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	ten := func() io.Reader { return strings.NewReader("0123456789") }
	for _, c := range []struct {
		what, method, url string
		body              io.Reader
		length            int64
		status            int
		code              string
	}{
		{"changed", http.MethodGet, get + "x", nil, 0, 403, "SignatureDoesNotMatch"},
		{"query that cannot be read", http.MethodGet, get + "&a;b", nil, 0, 403, "SignatureDoesNotMatch"},
		{"member twice", http.MethodGet, get + "&type=text/html", nil, 0, 403, "SignatureDoesNotMatch"},
		{"signed twice", http.MethodGet, get + "&signature=x", nil, 0, 403, "SignatureDoesNotMatch"},
		{"other method", http.MethodDelete, get, nil, 0, 403, "SignatureDoesNotMatch"},
		{"HEAD with a link to PUT", http.MethodHead, put, nil, 0, 403, "SignatureDoesNotMatch"},
		{"outside of the prefix", http.MethodGet, strings.Replace(get, local.Prefix, "/", 1), nil, 0, 403, "SignatureDoesNotMatch"},
		{"no object", http.MethodGet, gone, nil, 0, 404, "NoSuchKey"},
		{"no upload", http.MethodPut, ended, ten(), 10, 404, "NoSuchUpload"},
		{"length unknown", http.MethodPut, put, ten(), -1, 411, "MissingContentLength"},
		{"more than the part has", http.MethodPut, put, ten(), blobstore.MinPart + 1, 400, "EntityTooLarge"},
		{"more than any part has", http.MethodPut, putLargest, ten(), blobstore.MaxPart + 1, 400, "EntityTooLarge"},
		{"cut", http.MethodPut, put, ten(), 11, 400, "IncompleteBody"},
		{"cut, of as much as any part has", http.MethodPut, putLargest, ten(), blobstore.MaxPart, 400, "IncompleteBody"},
		{"our own failure", http.MethodGet, unreadable, nil, 0, 500, "InternalError"},
	} {
		r := httptest.NewRequest(c.method, c.url, c.body)
		r.ContentLength = c.length
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		var answer struct{ Code, Message string }
		xml.Unmarshal(w.Body.Bytes(), &answer)
		if w.Code != c.status || answer.Code != c.code || answer.Message == "" {
			t.Errorf("%s: %d %s, want %d %s", c.what, w.Code, w.Body, c.status, c.code)
		}
		if bytes.Contains(w.Body.Bytes(), []byte(dir)) {
			t.Errorf("%s: the answer tells of our folders: %s", c.what, w.Body)
		}
	}
	wantParts(t, s, u)
	wantParts(t, s, largest)
}

func TestLinksExpireToTheSecond(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	o := options
	o.Now = func() time.Time { return now }
	s := open(t, t.TempDir(), o)
	url := stored(t, s, "content") // for a minute
	for _, c := range []struct {
		after  time.Duration
		status int
	}{
		{0, 200}, {59 * time.Second, 200}, {time.Minute, 403}, {time.Hour, 403},
	} {
		now = time.Unix(1_800_000_000, 0).Add(c.after)
		if w := ask(s, http.MethodGet, url, nil); w.Code != c.status {
			t.Errorf("after %v: status %d, want %d", c.after, w.Code, c.status)
		}
	}
}

func TestLinksOfAnotherSecretAreVoid(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, options)
	url := stored(t, s, "content")
	s.Close()
	o := options
	o.Keys = keyringtest.Fixed(keyringtest.Ring("another secret"))
	if w := ask(open(t, dir, o), http.MethodGet, url, nil); w.Code != http.StatusForbidden {
		t.Errorf("status %d, want 403", w.Code)
	}
}

func TestLinksBeginWithTheBaseURL(t *testing.T) {
	for _, base := range []string{"https://files.example", "https://files.example/", "https://files.example/below/"} {
		o := options
		o.BaseURL = base
		link := signGet(t, open(t, t.TempDir(), o), "key")
		if want := strings.TrimSuffix(base, "/") + local.Prefix + "key?"; !strings.HasPrefix(link, want) {
			t.Errorf("%s does not begin with %s", link, want)
		}
	}
}
