package route_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

func TestFieldsComeFromPathQueryHeaderAndBody(t *testing.T) {
	var s service
	r := httptest.NewRequest("PUT", "/box/a%2Fb?limit=7&fresh=true&other=1", strings.NewReader(
		`{"text":"hello","yes":false,"number":-9007199254740991,"list":["a","b"],"inner":{"Deep":3},"unknown":[1,{}]}`))
	serve(&s, route.Row{}, withHeader(r, "X-Chunk", "0", "X-Note", "n"))
	no, yes, zero := false, true, 0
	want := Request{
		Place: Place{Box: "a/b"}, Limit: 7, Fresh: &yes, Chunk: &zero, Note: "n",
		Body: Body{Text: "hello", Yes: &no, Number: -9007199254740991, List: []string{"a", "b"}, Inner: struct{ Deep int }{3}},
	}
	if !reflect.DeepEqual(s.got, want) {
		t.Errorf("got  %+v\nwant %+v", s.got, want)
	}
}

func TestWhatIsNotSentStaysUnset(t *testing.T) {
	for _, body := range []string{"", "  \n", "{}", "null", `{"yes":null,"text":null,"list":null,"inner":null}`} {
		var s service
		if w := serve(&s, route.Row{}, post(body)); w.Code != http.StatusOK {
			t.Errorf("%q: %d %s", body, w.Code, w.Body)
		}
		if !reflect.DeepEqual(s.got, Request{Place: Place{"debian"}}) {
			t.Errorf("%q became %+v", body, s.got)
		}
	}
}

func TestTheBodyCannotSetWhatComesFromElsewhere(t *testing.T) {
	var s service
	serve(&s, route.Row{}, post(`{"box":"other","Box":"other","Place":{"Box":"other"},"Limit":9,"limit":9,"Note":"x","-":"x"}`))
	if !reflect.DeepEqual(s.got, Request{Place: Place{"debian"}}) {
		t.Errorf("the body set %+v", s.got)
	}
}

func TestWhatIsOfAnotherTypeIsNamed(t *testing.T) {
	for _, c := range []struct{ body, field, why string }{
		{`{"text":1}`, "text", "must be a string, not number"},
		{`{"text":{"a":"b"}}`, "text", "must be a string, not object"},
		{`{"yes":"true"}`, "yes", "must be true or false, not string"},
		{`{"number":"1"}`, "number", "must be a whole number, not string"},
		{`{"number":1.5}`, "number", "must be a whole number, not number 1.5"},
		{`{"number":1e30}`, "number", "must be a whole number, not number 1e30"},
		{`{"list":"a"}`, "list", "must be an array, not string"},
		{`{"list":[1]}`, "list", "must be a string, not number"},
		{`{"inner":[]}`, "inner", "must be an object, not array"},
		{`{"inner":{"Deep":"x"}}`, "inner.Deep", "must be a whole number, not string"},
		{`[{"text":"a"}]`, "body", "must be an object, not array"},
		{`"text"`, "body", "must be an object, not string"},
		{`17`, "body", "must be an object, not number"},
		{`{"text":"a"} trailing`, "body", ""},
		{`{"text":"a"}{"text":"b"}`, "body", ""},
		{`{"text":`, "body", ""},
		{`text=a`, "body", ""},
		{"\x00\xff", "body", ""},
	} {
		var s service
		f := wantFailure(t, serve(&s, route.Row{}, post(c.body)), registry.Invalid)
		if why, _ := f.Details[c.field].(string); s.called || len(f.Details) != 1 || why == "" || c.why != "" && why != c.why {
			t.Errorf("%s: told %v, want %s: %s", c.body, f.Details, c.field, c.why)
		}
	}
}

func TestEveryWrongParameterIsNamed(t *testing.T) {
	var s service
	r := withHeader(httptest.NewRequest("GET", "/box/debian?limit=many&fresh=perhaps", nil), "X-Chunk", "99999999999999999999")
	f := wantFailure(t, serve(&s, route.Row{}, r), registry.Invalid)
	want := map[string]any{"limit": "must be a whole number", "fresh": "must be true or false", "X-Chunk": "must be a whole number"}
	if !reflect.DeepEqual(f.Details, want) {
		t.Errorf("told %v, want %v", f.Details, want)
	}
}

// counter counts the bytes that are read of it.
type counter struct {
	io.Reader
	read int
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.read += n
	return n, err
}

func TestALargeBodyIsRefusedBeforeItIsRead(t *testing.T) {
	const size = 10 << 20
	for _, declared := range []int64{size, -1} { // with a Content-Length, and chunked
		var s service
		body := &counter{Reader: strings.NewReader(`{"text":"` + strings.Repeat("x", size) + `"}`)}
		r := httptest.NewRequest("POST", "/box/debian", body)
		r.ContentLength = declared
		f := wantFailure(t, serve(&s, route.Row{}, r), registry.TooLarge)
		if f.Details["maxSize"] != float64(route.MaxJSON) {
			t.Errorf("details %v", f.Details)
		}
		if limit := route.MaxJSON + 1; s.called || body.read > limit || declared > 0 && body.read > 0 {
			t.Errorf("%d bytes were read of a body of declared length %d", body.read, declared)
		}
	}
}

func TestABodyThatBreaksOffIsTheClientsFault(t *testing.T) {
	var s service
	r := httptest.NewRequest("POST", "/box/debian", io.MultiReader(strings.NewReader(`{"text":`), errReader{io.ErrUnexpectedEOF}))
	if f := wantFailure(t, serve(&s, route.Row{}, r), registry.Invalid); f.Details["body"] == nil || s.called {
		t.Errorf("told %v", f.Details)
	}
}

type errReader struct{ error }

func (e errReader) Read([]byte) (int, error) { return 0, e.error }

func TestParametersOfAnEndpoint(t *testing.T) {
	got := map[string]string{}
	for _, p := range route.To((*service).Do).Parameters() {
		got[p.Name] = p.In + " " + p.Type.String()
	}
	want := map[string]string{"box": "path string", "limit": "query int", "fresh": "query *bool", "X-Chunk": "header *int", "X-Note": "header string"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestAnEndpointIsForOneService(t *testing.T) {
	e := route.To((*service).Do)
	if !e.Serves(&service{}) || e.Serves(service{}) || e.Serves("service") {
		t.Error("the service of another type is taken for its own")
	}
	defer func() {
		if recover() == nil {
			t.Error("a row was bound to the service of another group")
		}
	}()
	route.Shell{}.Handler(route.Row{Name: "Do", Handler: e}, "no service")
}
