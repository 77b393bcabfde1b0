package local_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/blobstore/local"
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
	link, err := s.SignGet(t.Context(), u.Key, blobstore.LinkOptions{TTL: time.Minute, FileName: "name.box"})
	if err != nil {
		t.Fatal(err)
	}
	return link.URL
}

func signPut(t *testing.T, s *local.Store, key string, size int64) string {
	t.Helper()
	link, err := s.SignPut(t.Context(), key, size, time.Minute)
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
	url := signPut(t, s, "key", 0)
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
	get, put, sized := stored(t, s, "content"), signPut(t, s, "key", 0), signPut(t, s, "key", 5)
	u := begin(t, s)
	part, err := s.SignPart(t.Context(), u, 1, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	gone, err := s.SignGet(t.Context(), "gone", blobstore.LinkOptions{TTL: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	unreadable := signPut(t, s, "no-folder", 0)
	if err := os.WriteFile(filepath.Join(dir, "objects", "no"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	ended, err := s.SignPart(t.Context(), blobstore.Upload{Key: "key", ID: "ended"}, 1, time.Minute)
	if err != nil {
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
		{"no object", http.MethodGet, gone.URL, nil, 0, 404, "NoSuchKey"},
		{"no upload", http.MethodPut, ended.URL, ten(), 10, 404, "NoSuchUpload"},
		{"length unknown", http.MethodPut, put, ten(), -1, 411, "MissingContentLength"},
		{"length unknown, of a part", http.MethodPut, part.URL, ten(), -1, 411, "MissingContentLength"},
		{"other length", http.MethodPut, sized, ten(), 10, 403, "SignatureDoesNotMatch"},
		{"more than a PUT has", http.MethodPut, put, ten(), blobstore.MaxPut + 1, 400, "EntityTooLarge"},
		{"more than the part has", http.MethodPut, part.URL, ten(), blobstore.MinPart + 1, 400, "EntityTooLarge"},
		{"cut", http.MethodPut, put, ten(), 11, 400, "IncompleteBody"},
		{"cut part", http.MethodPut, part.URL, ten(), 11, 400, "IncompleteBody"},
		{"our own failure", http.MethodPut, unreadable, ten(), 10, 500, "InternalError"},
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
	if _, err := s.Head(t.Context(), "key"); !errors.Is(err, blobstore.ErrNotFound) {
		t.Errorf("error %v, want: %v", err, blobstore.ErrNotFound)
	}
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
	o.Secret = []byte("another secret")
	if w := ask(open(t, dir, o), http.MethodGet, url, nil); w.Code != http.StatusForbidden {
		t.Errorf("status %d, want 403", w.Code)
	}
}

func TestLinksBeginWithTheBaseURL(t *testing.T) {
	for _, base := range []string{"https://files.example", "https://files.example/", "https://files.example/below/"} {
		o := options
		o.BaseURL = base
		link, err := open(t, t.TempDir(), o).SignPut(t.Context(), "key", 0, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		if want := strings.TrimSuffix(base, "/") + local.Prefix + "key?"; !strings.HasPrefix(link.URL, want) {
			t.Errorf("%s does not begin with %s", link.URL, want)
		}
	}
}

func TestETagOfAPutIsTheObjects(t *testing.T) {
	s := open(t, t.TempDir(), options)
	w := ask(s, http.MethodPut, signPut(t, s, "key", 0), strings.NewReader("content"))
	o, err := s.Head(t.Context(), "key")
	if err != nil {
		t.Fatal(err)
	}
	wantHeaders(t, w, map[string]string{"ETag": strconv.Quote(o.ETag)})
}
