package route_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/route"
)

func TestETags(t *testing.T) {
	for _, c := range []struct {
		header string
		want   bool
	}{
		{`"abc"`, true}, {`W/"abc"`, true}, {`"x", "abc"`, true}, {`"x","abc","y"`, true}, {`*`, true}, {` "abc" `, true},
		{``, false}, {`"abcd"`, false}, {`abc`, false}, {`"x", "y"`, false}, {`,`, false}, {`W/abc`, false},
	} {
		if got := route.Matches(c.header, `"abc"`); got != c.want {
			t.Errorf("If-None-Match: %s is %v", c.header, got)
		}
	}
	if !route.Matches(`"abc"`, `W/"abc"`) {
		t.Error("a weak ETag is not compared weakly")
	}
}

func TestADocumentThatTheClientHasIsNotSentAgain(t *testing.T) {
	s := service{answer: route.Document{ContentType: "application/json", Body: []byte(`{"a":1}`), ETag: `"v1"`, Vary: "Accept"}}
	for _, method := range []string{"GET", "HEAD"} {
		for header, status := range map[string]int{`"v1"`: 304, `"v0"`: 200, "": 200} {
			r := withHeader(httptest.NewRequest(method, "/box/debian", nil), "If-None-Match", header)
			w := serve(&s, route.Row{}, r)
			if w.Code != status || w.Header().Get("ETag") != `"v1"` || w.Header().Get("Vary") != "Accept" || w.Header().Get("Cache-Control") != "no-cache" {
				t.Errorf("%s with If-None-Match %s: %d %v", method, header, w.Code, w.Header())
			}
			if status == 304 && w.Body.Len() > 0 {
				t.Errorf("%s: a 304 with a body", method)
			}
			if status == 200 && (w.Header().Get("Content-Type") != "application/json" || w.Header().Get("Content-Length") != "7") {
				t.Errorf("%s: %v", method, w.Header())
			}
		}
	}
}

// On HEAD the server leaves the body out; its length and type are told.
func TestHeadOverTheWire(t *testing.T) {
	s := service{answer: route.Document{ContentType: "application/json", Body: []byte(`{"a":1}`), ETag: `"v1"`}}
	h := route.Shell{Identify: identify}.Handler(route.Row{Handler: route.To((*service).Do)}, &s)
	server := httptest.NewServer(h)
	defer server.Close()
	resp, err := http.Head(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 200 || resp.ContentLength != 7 || resp.Header.Get("Content-Type") != "application/json" {
		t.Errorf("%d, %d bytes, %v", resp.StatusCode, resp.ContentLength, resp.Header)
	}
}

func TestWhatIsStaleComesWithAWarning(t *testing.T) {
	for stale, want := range map[string]string{"": "", "as of a while ago": `110 boxvault "as of a while ago"`} {
		w := serve(&service{answer: route.Document{ContentType: "text/plain", Stale: stale}}, route.Row{}, post(""))
		if got := w.Header().Get("Warning"); got != want {
			t.Errorf("%q: Warning: %s", stale, got)
		}
	}
}

func TestARedirectAndASketch(t *testing.T) {
	w := serve(&service{answer: route.Redirect{URL: "https://cdn.example.com/a?b=c&d"}}, route.Row{Status: 302}, post(""))
	if w.Code != 302 || w.Header().Get("Location") != "https://cdn.example.com/a?b=c&d" || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	w = serve(&service{answer: route.Sketch{ContentType: "application/octet-stream", Size: 5 << 30, ETag: `"e"`}}, route.Row{Status: 302}, post(""))
	h := w.Header()
	if w.Code != 200 || h.Get("Content-Length") != "5368709120" || h.Get("Accept-Ranges") != "bytes" || h.Get("ETag") != `"e"` {
		t.Errorf("%d %v", w.Code, h)
	}
}

func TestAPagedListTellsWhereItGoesOn(t *testing.T) {
	list := route.Paged[string]{Items: []string{"a", "b&c"}, After: "b&c"}
	r := httptest.NewRequest("GET", "/box/a%2Fb?limit=2&after=A&q=x+y&access_token=secret", nil)
	w := serve(&service{answer: list}, route.Row{}, r)
	if w.Body.String() != `["a","b\u0026c"]` {
		t.Errorf("the list is %s", w.Body)
	}
	link, rest, _ := strings.Cut(strings.TrimPrefix(w.Header().Get("Link"), "<"), ">")
	next, err := url.Parse(link)
	if err != nil || rest != `; rel="next"` || next.EscapedPath() != "/box/a%2Fb" {
		t.Fatalf("Link: %s (%v)", w.Header().Get("Link"), err)
	}
	q := next.Query()
	if q.Get("after") != "b&c" || q.Get("limit") != "2" || q.Get("q") != "x y" || q.Has("access_token") {
		t.Errorf("the next page is asked for with %v", q)
	}
	for _, last := range []any{route.Paged[string]{Items: []string{}}, []string{"a"}} {
		w := serve(&service{answer: last}, route.Row{}, post(""))
		if w.Header().Get("Link") != "" || !strings.HasPrefix(w.Body.String(), "[") {
			t.Errorf("%v: Link %q, body %s", last, w.Header().Get("Link"), w.Body)
		}
	}
}
