package cloud

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/blobstore/cloudfront"
)

const proxy = "203.0.113.9" // one of CloudFront's

// api is a function behind API Gateway that answers with where it takes a request to come from.
type api struct {
	*testing.T
	store   *parameterStore
	viewers *viewers
	now     time.Time
}

func newAPI(t *testing.T) *api {
	a := &api{T: t, store: newParameterStore(t), now: time.Now()}
	environment(t)
	t.Setenv("AWS_ENDPOINT_URL_SSM", a.store.url)
	var err error
	if a.viewers, err = newViewers(edgePath); err != nil {
		t.Fatal(err)
	}
	a.viewers.now = func() time.Time { return a.now }
	return a
}

// from returns where a request comes from that API Gateway had from peer, with these headers.
func (a *api) from(peer string, header ...string) (address string) {
	a.Helper()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.RemoteAddr = peer
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	a.viewers.before(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		address = r.RemoteAddr
		if r.Header.Get("X-Boxvault-Edge") != "" {
			a.Error("the mark goes on")
		}
	})).ServeHTTP(httptest.NewRecorder(), r)
	return address
}

func TestWhoAsksTheDistributionIsWhoAsks(t *testing.T) {
	a := newAPI(t)
	a.store.values[edgePath+"/mark"] = "right"
	for _, c := range []struct{ mark, forwarded, want string }{
		{"right", "198.51.100.7, " + proxy, "198.51.100.7:0"},
		{"right", "198.51.100.7", "198.51.100.7:0"},                      // where API Gateway adds nothing
		{"right", "192.0.2.1, 198.51.100.7, " + proxy, "198.51.100.7:0"}, // what the viewer wrote itself
		{"right", proxy + ", 198.51.100.7, " + proxy, "198.51.100.7:0"},  // the same, with a guess
		{"right", "2001:db8::7, " + proxy, "[2001:db8::7]:0"},            //
		{"right", "nonsense, " + proxy, proxy + ":0"},                    //
		{"right", "", proxy + ":0"},                                      //
		{"wrong", "198.51.100.7, " + proxy, proxy + ":0"},                // who asks API Gateway directly
		{"", "198.51.100.7, " + proxy, proxy + ":0"},                     // the same
		{"righ", "198.51.100.7", proxy + ":0"},                           //
		{"right, right", "198.51.100.7", proxy + ":0"},                   // sent by the client as well, as API Gateway joins it
	} {
		if got := a.from(proxy+":0", "X-Boxvault-Edge", c.mark, "X-Forwarded-For", c.forwarded); got != c.want {
			t.Errorf("the mark %q and %q come from %s, want %s", c.mark, c.forwarded, got, c.want)
		}
	}
	if n := a.store.requests["AmazonSSM.GetParameter"]; n != 1 {
		t.Errorf("the mark was read %d times", n)
	}
}

func TestWithoutAMarkNothingIsRead(t *testing.T) {
	a := newAPI(t)
	if got := a.from(proxy+":0", "X-Forwarded-For", "198.51.100.7"); got != proxy+":0" || a.store.requests["AmazonSSM.GetParameter"] > 0 {
		t.Errorf("it comes from %s, after %v", got, a.store.requests)
	}
}

// An edge that is not there yet, or whose mark cannot be read, marks nothing; the mark of one that is deployed anew is
// known after a while.
func TestAMarkThatCannotBeReadIsNone(t *testing.T) {
	a := newAPI(t)
	ask := func(want string) {
		t.Helper()
		if got := a.from(proxy+":0", "X-Boxvault-Edge", "right", "X-Forwarded-For", "198.51.100.7"); got != want {
			t.Errorf("it comes from %s, want %s", got, want)
		}
	}
	ask(proxy + ":0")
	a.store.values[edgePath+"/mark"] = "right"
	ask(proxy + ":0")
	a.now = a.now.Add(cloudfront.Fresh)
	ask("198.51.100.7:0")
	a.store.before = func(string) *fault { return &fault{http.StatusBadRequest, "ThrottlingException", "slow down"} }
	a.now = a.now.Add(cloudfront.Fresh)
	ask("198.51.100.7:0")
}
