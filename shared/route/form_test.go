package route_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// former takes two small files.
type former struct {
	files map[string][]byte
	err   error
}

func (f *former) Do(_ context.Context, _ registry.Caller, req struct {
	Body route.Stream `form:"cert,key"`
}) (any, error) {
	f.files, f.err = req.Body.SmallFiles(8, "cert", "key")
	return nil, f.err
}

func field(name, text string) string {
	return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"x\"\r\n\r\n" + text + "\r\n"
}

func TestSmallFilesOfAForm(t *testing.T) {
	const end, multipart = "--b--\r\n", "multipart/form-data; boundary=b"
	both := field("cert", "12345678") + field("key", "k")
	for _, c := range []struct {
		about, contentType, body string
		kind                     registry.Kind
		told                     string
	}{
		{"both", multipart, both + end, 0, ""},
		{"the other way round", multipart, field("key", "k") + field("cert", "12345678") + end, 0, ""},
		{"none", multipart, end, registry.Invalid, "cert, key"},
		{"one", multipart, field("cert", "c") + end, registry.Invalid, "key"},
		{"an empty one", multipart, field("cert", "") + field("key", "k") + end, registry.Invalid, "cert"},
		{"one twice", multipart, both + field("key", "k") + end, registry.Invalid, "body"},
		{"another one", multipart, field("other", "x") + both + end, registry.Invalid, "body"},
		{"a large one", multipart, field("cert", "123456789") + field("key", "k") + end, registry.TooLarge, "cert"},
		{"a cut one", multipart, both, registry.Invalid, "body"},
		{"cut within", multipart, both[:len(both)-3], registry.Invalid, "body"},
		{"no form", "application/json", "{}", registry.Invalid, "body"},
		{"no boundary", "multipart/form-data", both + end, registry.Invalid, "body"},
	} {
		var f former
		w := httptest.NewRecorder()
		route.Shell{Identify: identify}.Handler(route.Row{Handler: route.To((*former).Do)}, &f).
			ServeHTTP(w, withHeader(post(c.body), "Content-Type", c.contentType))
		if c.kind == 0 {
			if f.err != nil || string(f.files["cert"]) != "12345678" || string(f.files["key"]) != "k" {
				t.Errorf("%s: %q, %v", c.about, f.files, f.err)
			}
			continue
		}
		if f.err == nil || registry.KindOf(f.err) != c.kind || !strings.Contains(f.err.Error(), c.told) {
			t.Errorf("%s: %v, want %s", c.about, f.err, c.told)
		}
	}
}

func TestWhoCameOverTLSIsNotLedAwayFromIt(t *testing.T) {
	for _, c := range []struct{ origin, configured, want string }{
		{"http://a:80", "", "http://a:80"}, {"https://a", "", "https://a"},
		{"http://a", "http://b", "http://b"}, {"https://a", "http://b:3000", "https://b:3000"},
		{"http://a", "https://b", "https://b"}, {"https://a", "https://b", "https://b"},
	} {
		if got := (route.Incoming{Origin: c.origin}).Base(c.configured); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}
