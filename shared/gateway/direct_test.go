package gateway_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/route"
)

// request is one as it goes over the wire.
type request struct {
	method, target string
	header         []string // "Name: value"
	body           string
}

func (r request) String() string { return r.method + " " + r.target }

// TestSameAsDirect sends each request to the handler over real HTTP and through the event form, and
// expects the same answer, whose body says what the handler saw. The registry's route.Clean is in
// front, as it is in every place the registry runs.
func TestSameAsDirect(t *testing.T) {
	h := route.Clean(mirror(t), http.NotFoundHandler())
	direct, through := serve(t, h), serve(t, apiGateway{t, routeKeys, h})
	for _, r := range requests() {
		t.Run(r.String(), func(t *testing.T) {
			want, got := send(t, direct, r), send(t, through, r)
			if !reflect.DeepEqual(got, want) {
				t.Errorf("through the gateway\n got %+v\nwant %+v", got, want)
			}
		})
	}
}

func serve(t *testing.T, h http.Handler) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(h)
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // it complains of what is tried here
	server.Start()
	t.Cleanup(server.Close)
	return server
}

// routeKeys are the patterns as an HTTP API has them.
var routeKeys = []string{
	"GET /api/docs/{page+}", "POST /api/{rest+}",
	"GET /{organization}/{box}", "HEAD /{organization}/{box}", "DELETE /{organization}/{box}",
}

func requests() (all []request) {
	for _, target := range []string{
		"/", "/acme", "/acme/jammy64", "/acme/jammy64/", "/a/b/c/d", "//acme/jammy64", "/acme//jammy64",
		"/acme/../jammy64", "/acme/./jammy64", "/acme/..", "/acme/%2e%2e/x", "/acme/...",
		"/acme/jammy%2D64", "/%61cme/jammy64", "/acme/a%20b", "/acme/a+b", "/acme/%C3%A9", "/acme/é",
		"/acme/a;b", "/acme/a:b", "/acme/a@b", "/acme/a,b", "/acme/a=b&c", "/acme/a%23b", "/acme/%7B%7D",
		"/acme/~a!$'()*", "/acme/a%5Cb", "/acme/a%00b", "/api/docs/a/b/c", "/api/docs/", "/api/docs/a%20b/c",
		"/acme/b?", "/acme/b?a=1&a=2", "/acme/b?a=%26&b=%3D%25", "/acme/b?a=x+y&b=x%2By", "/acme/b?empty=&flag",
		"/acme/b?a=%zz&b=1", "/acme/b?a=1;b=2", "/acme/b?a=1,2", "/acme/b?q=a?b#c", "/acme/b?%C3%A9=é",
		"/acme/b?access_token=a.b-c_d%3D",
	} {
		all = append(all, request{method: "GET", target: target}, request{method: "HEAD", target: target},
			request{method: "DELETE", target: target}, request{method: "PUT", target: target})
	}
	for _, header := range [][]string{
		{`If-None-Match: "a,b", W/"c"`}, {"If-Modified-Since: Fri, 10 Jul 2026 19:19:05 GMT"},
		{"X-Tag: one", "X-Tag: two"}, {"X-Tag: one, two"}, {"X-Tag:"}, {"Accept: text/html, */*;q=0.8"},
		{"Cookie: a=1; b=2"}, {"Cookie: a=1", "Cookie: b=2"}, {`Cookie: a="x,y"`},
		{"Authorization: Basic dXNlcjp0b2tlbg=="}, {"User-Agent: Vagrant/2.4.1 (+https://www.vagrantup.com; ruby3.1.4)"},
		{"Range: bytes=0-1,4-5"}, {"x-access-token: a.b.c"},
	} {
		all = append(all, request{method: "GET", target: "/acme/headers", header: header})
	}
	for _, kind := range []string{"application/json", "text/plain; charset=utf-8", "application/octet-stream", "multipart/form-data; boundary=x", ""} {
		for _, body := range []string{"", "{}", `{"name":"jämmy"}`, "a\x00b", strings.Repeat("x", 70_000)} {
			all = append(all, request{"POST", "/api/echo", []string{"Content-Type: " + kind}, body})
		}
	}
	all = append(all, request{"POST", "/api/echo", []string{"Content-Type: application/octet-stream"}, "\xff\x00\xfe"})
	for name := range answers {
		all = append(all, request{method: "GET", target: "/api/docs/" + name}, request{method: "HEAD", target: "/api/docs/" + name})
	}
	slices.SortStableFunc(all, func(a, b request) int { return strings.Compare(a.target, b.target) })
	return all
}

// answers are handlers that try net/http's rules about responses.
var answers = map[string]http.HandlerFunc{
	"nothing": func(http.ResponseWriter, *http.Request) {},
	"two-statuses": func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		w.WriteHeader(http.StatusOK)
	},
	"late-status": func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "x")
		w.WriteHeader(http.StatusNotFound)
	},
	"late-header": func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "x")
		w.Header().Set("X-Late", "1")
	},
	"no-content": func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNoContent)
		fmt.Fprint(w, "x")
	},
	"not-modified": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Etag", `"1"`)
		w.WriteHeader(http.StatusNotModified)
	},
	"html":   func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<!DOCTYPE", " html><p>x") },
	"pieces": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<!DOC"); fmt.Fprint(w, "TYPE html><p>x") },
	"binary": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "\x1f\x8b\x08\xff") },
	"no-type": func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"] = nil
		fmt.Fprint(w, "x")
	},
	"encoded": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		fmt.Fprint(w, "\x1f\x8b\xff")
	},
	"declared-length": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "2")
		fmt.Fprint(w, "{}")
	},
	"redirect": func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://cdn.example.com/a?b=c&d", http.StatusFound)
	},
	"relative": func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "../acme/b", http.StatusTemporaryRedirect)
	},
	"cookies": func(w http.ResponseWriter, _ *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "1", MaxAge: 5})
		http.SetCookie(w, &http.Cookie{Name: "b", Value: "2", HttpOnly: true})
	},
	"lists": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Add("Vary", "Accept")
		w.Header().Add("Vary", "Authorization")
		w.WriteHeader(http.StatusUnauthorized)
	},
	"status-599": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(599) },
}

// mirror answers with what it was asked, in JSON; below /api/docs/ with one of the answers.
func mirror(t *testing.T) http.Handler {
	return routes(func(w http.ResponseWriter, r *http.Request, pattern string) {
		s := look(t, r, pattern)
		if answer := answers[s.Parameters["page"]]; answer != nil {
			answer(w, r)
			return
		}
		for _, name := range []string{"Connection", "Content-Length", "X-Forwarded-Proto"} {
			s.Header.Del(name) // of the connection
		}
		s.Header = joined(s.Header)
		s.URI, s.RawPath, s.Scheme, s.RemoteAddr = "", "", "", "" // told by the golden files
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(s)
	})
}

// joined makes one value of each header, as a client or a proxy may.
func joined(h http.Header) http.Header {
	h = maps.Clone(h)
	for name, values := range h {
		separator := ","
		if name == "Cookie" {
			separator = "; "
		}
		h[name] = []string{strings.Join(values, separator)}
	}
	return h
}

// received is an answer as it came over the wire.
type received struct {
	Status int
	Header http.Header
	Body   string
}

// send writes a request by hand, as http.Client would clean it.
func send(t *testing.T, to *httptest.Server, r request) received {
	t.Helper()
	conn, err := net.Dial("tcp", to.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	lines := append([]string{r.String() + " HTTP/1.1", "Host: boxes.example.com", "Connection: close", "X-Request-Id: build-4711",
		fmt.Sprintf("Content-Length: %d", len(r.body))}, r.header...)
	if _, err := io.WriteString(conn, strings.Join(lines, "\r\n")+"\r\n\r\n"+r.body); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: r.method})
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	response.Header.Del("Date")
	h := response.Header
	if len(h["Set-Cookie"]) == 0 {
		h = joined(h)
	}
	return received{response.StatusCode, h, string(body)}
}
