package route_test

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// record is an answer about a record, and its service.
type record struct {
	registry.Revision
	Text  string
	clash bool
}

func (r *record) MarshalJSON() ([]byte, error) { return json.Marshal(r.Text) }

type recordRequest struct{}

func (r *record) Read(context.Context, registry.Caller, recordRequest) (*record, error) {
	return r, nil
}

func (r *record) Change(ctx context.Context, _ registry.Caller, _ recordRequest) (*record, error) {
	if err := route.IfMatch(ctx, r.Revision); err != nil {
		return nil, err
	}
	if r.clash {
		return nil, &registry.Error{Kind: registry.Conflict, Message: "another change came first", Retry: true}
	}
	r.Rev++
	return r, nil
}

func (r *record) ask(method string, header ...string) *httptest.ResponseRecorder {
	endpoint := route.To((*record).Change)
	if method == "GET" || method == "HEAD" {
		endpoint = route.To((*record).Read)
	}
	w := httptest.NewRecorder()
	route.Shell{Identify: identify}.Handler(route.Row{Handler: endpoint}, r).
		ServeHTTP(w, withHeader(httptest.NewRequest(method, "/", nil), header...))
	return w
}

func TestAnETagNamesTheRevisionAndWhatIsShown(t *testing.T) {
	r := &record{Revision: registry.Revision{Rev: 1000}, Text: "a"}
	first := r.ask("GET").Header().Get("ETag")
	if !strings.HasPrefix(first, `"rs-`) || r.ask("HEAD").Header().Get("ETag") != first {
		t.Errorf("ETag %s", first)
	}
	if w := r.ask("GET", "If-None-Match", first); w.Code != 304 || w.Body.Len() > 0 || w.Header().Get("ETag") != first {
		t.Errorf("%d %s %v", w.Code, w.Body, w.Header())
	}
	r.Text = "b" // what is kept elsewhere has changed
	if w := r.ask("GET", "If-None-Match", first); w.Code != 200 || w.Header().Get("ETag") == first {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if tag := (&record{}).ask("GET").Header().Get("ETag"); tag != "" {
		t.Errorf("what was never read has the ETag %s", tag)
	}
	if tag := r.ask("PUT").Header().Get("ETag"); tag != "" {
		t.Errorf("a change is answered with the ETag %s of before", tag)
	}
}

func TestAChangeIsMadeOfWhatTheClientKnows(t *testing.T) {
	known := (&record{Revision: registry.Revision{Rev: 1000}}).ask("GET").Header().Get("ETag")
	for header, want := range map[string]int{
		"": 200, known: 200, "*": 200, `"x", ` + known: 200, "W/" + known: 200, strings.ReplaceAll(known, "rs-", "rt-"): 412,
		`"x"`: 412, `""`: 412, `"-"`: 412, "no etag": 412, `"RS"`: 412, ",": 412,
	} {
		for _, method := range []string{"PUT", "PATCH", "DELETE"} {
			r := &record{Revision: registry.Revision{Rev: 1000}}
			if w := r.ask(method, "If-Match", header); w.Code != want || (r.Rev != 1000) != (want == 200) {
				t.Errorf("%s with If-Match %s: %d, revision %d", method, header, w.Code, r.Rev)
			}
		}
	}
	r := &record{Revision: registry.Revision{Rev: 1000}}
	wantFailure(t, r.ask("PUT", "If-Match", `"x"`), registry.Outdated)
}

func TestWhoSaidWhatItKnowsIsToldThatItChanged(t *testing.T) {
	r := &record{Revision: registry.Revision{Rev: 1000}, clash: true}
	wantFailure(t, r.ask("PUT", "If-Match", "*"), registry.Outdated)
	wantFailure(t, r.ask("PUT"), registry.Conflict)
}
