package cloudfront_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/blobstore/cloudfront"
	"github.com/boxvault/boxvault/shared/blobstore/cloudfront/cloudfronttest"
	"github.com/boxvault/boxvault/shared/blobstore/local"
	"github.com/boxvault/boxvault/shared/blobstore/storetest"
	"github.com/boxvault/boxvault/shared/keyring/keyringtest"
)

// clock can be set ahead.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

func (c *clock) advance(d time.Duration) { c.ahead.Add(int64(d)) }

// world is a store in a folder with a distribution in front of it, whose links are signed with the key
// that is set.
type world struct {
	*cloudfront.Store
	folder blobstore.Store
	edge   *cloudfronttest.Edge
	clock  *clock
	key    *cloudfront.Edge
}

func start(t testing.TB) *world {
	t.Helper()
	w := &world{clock: &clock{}}
	server := httptest.NewUnstartedServer(nil)
	folder, err := local.Open(t.TempDir(), local.Options{
		BaseURL: "http://" + server.Listener.Addr().String(), Keys: keyringtest.Fixed(keyringtest.Ring("a secret")), Now: w.clock.now,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { folder.Close() })
	server.Config.Handler = folder.Handler()
	server.Start()
	t.Cleanup(server.Close)
	w.folder = folder
	w.edge = cloudfronttest.Start(t, folder, w.clock.now)
	w.key = w.edge.NewKey(t, "K1")
	w.Store = cloudfront.Open(folder, func(context.Context) (*cloudfront.Edge, error) { return w.key, nil }, w.clock.now)
	return w
}

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Target {
		w := start(t)
		return storetest.Target{
			Store: w,
			Expired: func(sign func() blobstore.Link) blobstore.Link {
				link := sign()
				w.clock.advance(time.Hour)
				return link
			},
		}
	})
}

var content = bytes.Repeat([]byte("content "), 1000)

// object makes an object and a link to it that is good for an hour.
func (w *world) object(t testing.TB) (link string) {
	t.Helper()
	u, err := w.Begin(t.Context(), "an-object", blobstore.MinPart)
	if err != nil {
		t.Fatal(err)
	}
	p, err := w.PutPart(t.Context(), u, 1, bytes.NewReader(content), int64(len(content)))
	if err == nil {
		_, err = w.Complete(t.Context(), u, []blobstore.Part{p})
	}
	if err != nil {
		t.Fatal(err)
	}
	return w.sign(t)
}

func (w *world) sign(t testing.TB) (link string) {
	t.Helper()
	l, err := w.SignGet(t.Context(), "an-object", blobstore.LinkOptions{TTL: time.Hour, FileName: "two words.box"})
	if err != nil {
		t.Fatal(err)
	}
	return l.URL
}

func ask(t testing.TB, method, url string, header ...string) (status int, h http.Header, body []byte) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, body
}

func want(t testing.TB, status int, method, url string) {
	t.Helper()
	if got, _, _ := ask(t, method, url); got != status {
		t.Errorf("%s %s is answered %d, want %d", method, url, got, status)
	}
}

func TestALinkIsGoodForHeadAndForTheRest(t *testing.T) {
	w := start(t)
	link := w.object(t)
	if !strings.HasPrefix(link, w.edge.URL+"/files/an-object?") || !strings.Contains(link, "two%20words.box") {
		t.Errorf("the link is %s", link)
	}
	status, h, body := ask(t, "HEAD", link)
	if status != 200 || h.Get("Content-Length") != "8000" || len(body) != 0 || !strings.Contains(h.Get("Content-Disposition"), "two words.box") {
		t.Errorf("HEAD is answered %d, %v", status, h)
	}
	status, h, body = ask(t, "GET", link, "Range", "bytes=5000-")
	if status != 206 || h.Get("Content-Range") != "bytes 5000-7999/8000" || !bytes.Equal(body, content[5000:]) {
		t.Errorf("the rest is answered %d, %v, with %d bytes", status, h, len(body))
	}
}

func TestAllElseIsRefused(t *testing.T) {
	w := start(t)
	link := w.object(t)
	_, query, _ := strings.Cut(link, "?")
	for _, url := range []string{
		w.edge.URL + "/", w.edge.URL + "/files/", w.edge.URL + "/files/an-object", w.edge.URL + "/an-object?" + query,
		w.edge.URL + "/files/other?" + query, link + "&more=1", link + "&Expires=9999999999", link + "&Policy=e30_",
		strings.Replace(link, "two%20words", "other", 1), strings.Replace(link, "two%20words", "two+words", 1),
		strings.Replace(link, "SHA256", "MD5", 1), strings.Replace(link, "&Hash-Algorithm=SHA256", "", 1),
		strings.Replace(link, "127.0.0.1", "localhost", 1), strings.Replace(link, "Key-Pair-Id=K1", "Key-Pair-Id=K2", 1),
	} {
		want(t, 403, "GET", url)
	}
	for _, method := range []string{"PUT", "POST", "DELETE", "OPTIONS"} {
		want(t, 403, method, link)
	}
	if err := w.Delete(t.Context(), "an-object"); err != nil {
		t.Fatal(err)
	}
	want(t, 404, "GET", link)
}

func TestLinksOfTheKeyBeforeStayGood(t *testing.T) {
	w := start(t)
	old := w.object(t)
	w.key = w.edge.NewKey(t, "K2")
	young := w.sign(t)
	want(t, 200, "GET", old)
	want(t, 200, "GET", young)
	w.edge.RemoveKey("K1")
	want(t, 403, "GET", old)
	want(t, 200, "GET", young)
}

func TestWithoutADistributionTheStoreSigns(t *testing.T) {
	w := start(t)
	w.key = nil
	link := w.object(t)
	if strings.HasPrefix(link, w.edge.URL) {
		t.Errorf("the link is %s", link)
	}
	want(t, 200, "GET", link)
}

func TestWhatIsTooLargeForCloudFrontComesFromTheStore(t *testing.T) {
	w := start(t)
	for size, edge := range map[int64]bool{0: true, cloudfront.MaxSize: true, cloudfront.MaxSize + 1: false} {
		l, err := w.SignGet(t.Context(), "large", blobstore.LinkOptions{TTL: time.Hour, Size: size})
		if err != nil || strings.HasPrefix(l.URL, w.edge.URL) != edge {
			t.Errorf("%d bytes are at %s, %v", size, l.URL, err)
		}
	}
}

func TestTheStoreBehindIsAskedWhatItSaw(t *testing.T) {
	w := start(t)
	u, err := w.Begin(t.Context(), "seen", blobstore.MinPart)
	if err != nil {
		t.Fatal(err)
	}
	link, err := w.SignPart(t.Context(), u, 1, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), "PUT", link.URL, bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	parts, err := w.Parts(t.Context(), u)
	if err == nil {
		_, err = w.Complete(t.Context(), u, parts)
	}
	if err != nil {
		t.Fatal(err)
	}
	want := sha256.Sum256(content)
	if sum, ok := blobstore.Seen(w.Store, "seen"); !ok || sum != hex.EncodeToString(want[:]) {
		t.Errorf("seen was %s, %v", sum, ok)
	}
}

func BenchmarkSignGet(b *testing.B) {
	w := start(b)
	for b.Loop() {
		w.sign(b)
	}
}
