package cloud

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/blobstore/cloudfront"
	"github.com/boxvault/boxvault/shared/keyring"
)

const edgePath = "/boxvault/edge"

// edged is a function on AWS that may have an edge, at a time that the test says.
type edged struct {
	*testing.T
	*Cloud
	store *parameterStore
	now   time.Time
	ring  keyring.Ring
}

func newEdged(t *testing.T) *edged {
	store := newParameterStore(t)
	environment(t)
	t.Setenv("AWS_ENDPOINT_URL_SSM", store.url)
	s := onAWS
	s.Edge = edgePath
	e := &edged{T: t, store: store, now: time.Now()}
	e.Cloud = opened(t, s)
	e.edge.now = func() time.Time { return e.now }
	return e
}

// add adds a key to the ring, which signs from then on.
func (e *edged) add(id string, since time.Time) {
	e.Helper()
	secret, _, err := cloudfront.NewKey()
	if err != nil {
		e.Fatal(err)
	}
	e.ring = append(e.ring, keyring.Key{ID: id, Since: since, Secret: secret})
	e.store.values[edgePath+"/keys"] = e.ring.Text()
	e.store.values[edgePath+"/url"] = "https://boxes.example.com"
}

// wantLink fails the test unless links lead to where they should, signed with the key.
func (e *edged) wantLink(begin, key string) {
	e.Helper()
	l, err := e.Blobs.SignGet(e.Context(), "leaf", blobstore.LinkOptions{TTL: time.Hour})
	if err != nil {
		e.Fatal(err)
	}
	if !strings.HasPrefix(l.URL, begin+"?") || key != "" && !strings.Contains(l.URL, "&Key-Pair-Id="+key+"&") {
		e.Errorf("the link is %s, want %s by %s", l.URL, begin, key)
	}
}

const (
	onBucket = "https://boxes.s3.eu-central-1.amazonaws.com/leaf"
	onEdge   = "https://boxes.example.com/files/leaf"
)

func TestLinksLeadToTheEdgeOnceItIsThere(t *testing.T) {
	e := newEdged(t)
	e.wantLink(onBucket, "")
	e.add("K1", e.now)
	e.wantLink(onBucket, "") // what was read is gone by for a while
	e.now = e.now.Add(cloudfront.Fresh)
	e.wantLink(onEdge, "K1")
	delete(e.store.values, edgePath+"/url")
	e.now = e.now.Add(cloudfront.Fresh)
	e.wantLink(onBucket, "")
	if n := e.store.requests["AmazonSSM.GetParameters"]; n != 3 {
		t.Errorf("the parameters were read %d times", n)
	}
}

func TestTheNextKeySignsWhenItsTimeHasCome(t *testing.T) {
	e := newEdged(t)
	e.add("K1", e.now)
	e.wantLink(onEdge, "K1")
	e.add("K2", e.now.Add(cloudfront.Ahead))
	e.now = e.now.Add(cloudfront.Ahead - time.Second)
	e.wantLink(onEdge, "K1")
	e.now = e.now.Add(time.Second) // the ring has been read by now
	e.wantLink(onEdge, "K2")
}

func TestLinksAreSignedWhileSSMIsNotThere(t *testing.T) {
	e := newEdged(t)
	e.add("K1", e.now)
	refused := &fault{http.StatusBadRequest, "AccessDeniedException", ""}
	e.store.before = func(string) *fault { return refused }
	if l, err := e.Blobs.SignGet(t.Context(), "leaf", blobstore.LinkOptions{TTL: time.Hour}); err == nil {
		t.Errorf("without its keys a function that has an edge signs %s", l.URL)
	}
	e.store.before = nil
	e.wantLink(onEdge, "K1")
	e.store.before = func(string) *fault { return refused }
	e.now = e.now.Add(time.Hour)
	e.wantLink(onEdge, "K1")
}

func TestThatThereIsNoEdgeIsKnownWhileSSMIsNotThere(t *testing.T) {
	e := newEdged(t)
	e.wantLink(onBucket, "")
	e.store.before = func(string) *fault { return &fault{http.StatusBadRequest, "AccessDeniedException", ""} }
	e.now = e.now.Add(time.Hour)
	e.wantLink(onBucket, "")
}

func TestARingThatIsNoneIsNotShown(t *testing.T) {
	e := newEdged(t)
	e.add("K1", e.now)
	e.store.values[edgePath+"/keys"] = "hunter2"
	_, err := e.Blobs.SignGet(t.Context(), "leaf", blobstore.LinkOptions{TTL: time.Hour})
	if err == nil || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), edgePath) {
		t.Errorf("the error is %v", err)
	}
}

func TestLinksAtTheSameTime(t *testing.T) {
	e := newEdged(t)
	e.add("K1", e.now)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { e.wantLink(onEdge, "K1") })
	}
	all.Wait()
	if n := e.store.requests["AmazonSSM.GetParameters"]; n != 1 {
		t.Errorf("the parameters were read %d times", n)
	}
}
