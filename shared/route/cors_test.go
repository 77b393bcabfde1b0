package route_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/boxvault/boxvault/shared/route"
)

const (
	page  = "https://boxes.example.com"
	other = "https://evil.example.com"
)

func TestWhichPagesMayReadAnAnswer(t *testing.T) {
	for _, c := range []struct {
		about   string
		allowed route.Origins
		origin  string
		want    string
		vary    []string
	}{
		{"no origin is allowed", nil, page, "", nil},
		{"an allowed one", route.Origins{"https://a.example", page}, page, page, []string{"Origin"}},
		{"another one", route.Origins{page}, other, "", []string{"Origin"}},
		{"one with another port", route.Origins{page}, page + ":8443", "", []string{"Origin"}},
		{"one that begins like it", route.Origins{page}, page + ".evil.example", "", []string{"Origin"}},
		{"a page without an origin", route.Origins{page}, "null", "", []string{"Origin"}},
		{"no page at all", route.Origins{page}, "", "", []string{"Origin"}},
		{"every one", route.Origins{"*"}, other, "*", nil},
		{"every one, and no page", route.Origins{"*"}, "", "", nil},
	} {
		for _, method := range []string{"GET", "POST", "OPTIONS"} { // OPTIONS alone is no preflight
			h, called := ask(c.allowed, method, "Origin", c.origin)
			if !called || h.Get("Access-Control-Allow-Origin") != c.want || !slices.Equal(h.Values("Vary"), c.vary) {
				t.Errorf("%s: %s is answered %v", c.about, method, h)
			}
			if (h.Get("Access-Control-Expose-Headers") != "") != (c.want != "") || h.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("%s: %s is answered %v", c.about, method, h)
			}
		}
	}
}

func TestAPreflightIsAnsweredAtOnce(t *testing.T) {
	for origin, want := range map[string]string{page: page, other: ""} {
		h, called := ask(route.Origins{page}, "OPTIONS", "Origin", origin, "Access-Control-Request-Method", "PATCH")
		if called || h.Get("Access-Control-Allow-Origin") != want || h.Get("Vary") != "Origin" {
			t.Errorf("%s: called %v, %v", origin, called, h)
		}
		for _, name := range []string{"Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "Access-Control-Max-Age"} {
			if (h.Get(name) != "") != (want != "") {
				t.Errorf("%s: %s is %q", origin, name, h.Get(name))
			}
		}
	}
}

// ask asks something behind CORS, and tells whether it was called.
func ask(o route.Origins, method string, header ...string) (h http.Header, called bool) {
	w := httptest.NewRecorder()
	route.CORS(o, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true })).
		ServeHTTP(w, withHeader(httptest.NewRequest(method, "/box/debian", nil), header...))
	return w.Header(), called
}

func TestOriginsAsAnOperatorWritesThem(t *testing.T) {
	got, err := route.ParseOrigins(" https://boxes.example.com, http://127.0.0.1:5173,")
	if err != nil || !slices.Equal(got, route.Origins{page, "http://127.0.0.1:5173"}) {
		t.Errorf("got %v, %v", got, err)
	}
	for _, text := range []string{page + "/", "boxes.example.com", "https://*.example.com/x", "null", "file://x", "https://", "https://A.example", "https://u@a.example/"} {
		if list, err := route.ParseOrigins(text); err == nil {
			t.Errorf("%s became %v", text, list)
		}
	}
}
