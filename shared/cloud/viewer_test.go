package cloud

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/blobstore/cloudfront"
	"github.com/boxvault/boxvault/shared/keyring"
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

// ask fails the test unless, a while later, a request with the right mark comes from there.
func (a *api) ask(later time.Duration, want string) {
	a.Helper()
	a.now = a.now.Add(later)
	if got := a.from(proxy+":0", "X-Boxvault-Edge", "right", "X-Forwarded-For", "198.51.100.7"); got != want {
		a.Errorf("it comes from %s, want %s", got, want)
	}
}

// refuse is what SSM says to a role that may not.
func refuse(string) *fault { return &fault{http.StatusBadRequest, "AccessDeniedException", ""} }

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
	a.ask(0, proxy+":0")
	a.store.values[edgePath+"/mark"] = "right"
	a.ask(cloudfront.Fresh-time.Second, proxy+":0")
	a.ask(time.Second, "198.51.100.7:0")
	a.store.before = refuse
	a.ask(cloudfront.Fresh, "198.51.100.7:0")
}

// Who asks through the edge is limited by its address as if it were all who do, for as long as the mark is not known.
func TestAMarkThatCouldNeverBeReadIsReadAgainSoon(t *testing.T) {
	a := newAPI(t)
	a.store.values[edgePath+"/mark"] = "right"
	a.store.before = refuse
	a.ask(0, proxy+":0")
	a.store.before = nil
	a.ask(keyring.Pause-time.Second, proxy+":0")
	a.ask(time.Second, "198.51.100.7:0")
}

func TestTheMarkIsReadForTheOthersOfARequestThatIsGone(t *testing.T) {
	a := newAPI(t)
	a.store.values[edgePath+"/mark"] = "right"
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if !a.viewers.knows(gone, "right") {
		t.Error("the mark is not known")
	}
}
