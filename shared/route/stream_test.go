package route_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// streamer reads its body itself.
type streamer struct{ got string }

// StreamRequest is a body with what comes beside it.
type StreamRequest struct {
	Box  string `path:"box" json:"-"`
	Body route.Stream
	In   route.Incoming
}

func (s *streamer) Raw(_ context.Context, _ registry.Caller, req StreamRequest) (any, error) {
	raw, err := io.ReadAll(req.Body.Body)
	s.got = fmt.Sprint(req.Body.Size, " ", string(raw))
	return nil, err
}

func (s *streamer) Form(_ context.Context, _ registry.Caller, req StreamRequest) (any, error) {
	body, name, err := req.Body.FormFile("file")
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(body)
	s.got = name + " " + string(raw)
	return nil, err
}

func (s *streamer) Tell(_ context.Context, _ registry.Caller, req StreamRequest) (any, error) {
	return req.In, nil
}

func stream(w http.ResponseWriter, endpoint route.Endpoint, s *streamer, r *http.Request) {
	route.Shell{Identify: identify}.Handler(route.Row{Handler: endpoint}, s).ServeHTTP(w, r)
}

func TestAStreamIsNotDecoded(t *testing.T) {
	endpoint := route.To((*streamer).Raw)
	if !endpoint.Streams() || route.To((*service).Do).Streams() {
		t.Error("a handler that reads the body itself is not told from one that does not")
	}
	for size, want := range map[int64]string{5: "5 {not ", -1: "-1 {not "} {
		var s streamer
		r := httptest.NewRequest("PUT", "/", strings.NewReader("{not "))
		r.ContentLength = size
		if stream(httptest.NewRecorder(), endpoint, &s, r); s.got != want {
			t.Errorf("got %q, want %q", s.got, want)
		}
	}
}

const form = "--b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n" +
	"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../up/box.box\"\r\n\r\nbytes\r\n--b--\r\n"

func TestTheFileOfAForm(t *testing.T) {
	for _, c := range []struct {
		contentType, body, got string
		kind                   registry.Kind
	}{
		{"multipart/form-data; boundary=b", form, "box.box bytes", 0},
		{"multipart/form-data; boundary=b", strings.ReplaceAll(form, `"file"`, `"other"`), "", registry.Invalid},
		{"multipart/form-data; boundary=b", form[:60], "", registry.BadUpload},
		{"multipart/form-data; boundary=b", "", "", registry.BadUpload},
		{"multipart/form-data", form, "", registry.Invalid},
		{"application/json", "{}", "", registry.Invalid},
		{"", form, "", registry.Invalid},
	} {
		var s streamer
		w := httptest.NewRecorder()
		stream(w, route.To((*streamer).Form), &s, withHeader(post(c.body), "Content-Type", c.contentType))
		if s.got != c.got || c.got != "" && w.Code != 200 {
			t.Errorf("%q: got %q, %d %s", c.body, s.got, w.Code, w.Body)
		}
		if c.got == "" {
			wantFailure(t, w, c.kind)
		}
	}
}

func TestWhatComesBesideTheFields(t *testing.T) {
	r := httptest.NewRequest("HEAD", "http://box.example.com:8080/a%20b?q=1", nil)
	withHeader(r, "Accept", "text/html", "If-None-Match", `"e"`, "Range", "bytes=5-", "X-Forwarded-Proto", "https")
	r.SetBasicAuth("ci", "a b")
	w := httptest.NewRecorder()
	stream(w, route.To((*streamer).Tell), &streamer{}, r)
	want := `{"Method":"HEAD","Path":"/a b","Query":"q=1","Origin":"https://box.example.com:8080","Accept":"text/html","IfNoneMatch":"\"e\"","Range":"bytes=5-","User":"ci","Password":"a b"}`
	if w.Body.String() != want {
		t.Errorf("got  %s\nwant %s", w.Body, want)
	}
	in := route.Incoming{Origin: "http://127.0.0.1:3000"}
	if in.Base("") != in.Origin || in.Base("https://boxes.example.com") != "https://boxes.example.com" {
		t.Error("the configured URL does not come before the one of the request")
	}
}

// connection is a ResponseWriter with deadlines, whose client stalls.
type connection struct {
	*httptest.ResponseRecorder
	deadlines []time.Time
}

func (c *connection) SetReadDeadline(at time.Time) error {
	c.deadlines = append(c.deadlines, at)
	return nil
}

func TestAClientThatStallsIsGivenUp(t *testing.T) {
	c := &connection{ResponseRecorder: httptest.NewRecorder()}
	body := io.MultiReader(strings.NewReader("some"), errReader{fmt.Errorf("read tcp: %w", os.ErrDeadlineExceeded)})
	before := time.Now()
	stream(c, route.To((*streamer).Raw), &streamer{}, httptest.NewRequest("PUT", "/", body))
	wantFailure(t, c.ResponseRecorder, registry.Timeout)
	if len(c.deadlines) < 2 {
		t.Fatalf("%d deadlines were set for two reads", len(c.deadlines))
	}
	for _, at := range c.deadlines {
		if wait := at.Sub(before); wait < 30*time.Second || wait > 2*time.Minute {
			t.Errorf("a read may take %v", wait)
		}
	}
}

// Without a deadline left over, the handler may work for longer than a client may stall.
func TestTheWaitIsOverWithTheBody(t *testing.T) {
	c := &connection{ResponseRecorder: httptest.NewRecorder()}
	stream(c, route.To((*streamer).Raw), &streamer{}, httptest.NewRequest("PUT", "/", strings.NewReader("all of it")))
	if n := len(c.deadlines); c.Code != 200 || n == 0 || !c.deadlines[n-1].IsZero() {
		t.Errorf("%d; the deadlines were %v", c.Code, c.deadlines)
	}
}

func TestOtherFaultsOfABodyAreNotTakenForStalling(t *testing.T) {
	c := &connection{ResponseRecorder: httptest.NewRecorder()}
	stream(c, route.To((*streamer).Raw), &streamer{}, httptest.NewRequest("PUT", "/", errReader{errors.New("reset")}))
	wantFailure(t, c.ResponseRecorder, registry.Internal)
}
