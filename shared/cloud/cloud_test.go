package cloud

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/settings"
)

var onAWS = settings.Settings{Table: "boxvault", Bucket: "boxes", SecretParameter: parameter}

// environment is what Lambda sets, and no endpoint.
func environment(t *testing.T) {
	t.Helper()
	t.Setenv("AWS_REGION", "eu-central-1")
	t.Setenv("AWS_ACCESS_KEY_ID", keys.AccessKeyID)
	t.Setenv("AWS_SECRET_ACCESS_KEY", keys.SecretAccessKey)
	t.Setenv("AWS_SESSION_TOKEN", keys.SessionToken)
	for _, name := range []string{"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_SSM"} {
		t.Setenv(name, "")
	}
}

func TestEnvironmentWithoutWhatLambdaSets(t *testing.T) {
	for _, name := range []string{"AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} {
		environment(t)
		t.Setenv(name, "")
		if _, err := Open(onAWS); err == nil {
			t.Errorf("opened without %s", name)
		}
	}
}

// recorder is a server that keeps what it is asked, a line each, and finds nothing.
type recorder struct {
	mu    sync.Mutex
	lines []string
}

func serve(t *testing.T) (r *recorder, url string) {
	t.Helper()
	r = &recorder{}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	return r, server.URL
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = append(r.lines, fmt.Sprintf("%s %s %s %s", req.Method, req.URL.Path, req.Header.Get("X-Amz-Target"), body))
	w.WriteHeader(http.StatusNotFound)
}

// wants checks that one of the requests has all the parts.
func (r *recorder) wants(t *testing.T, parts ...string) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if !slices.ContainsFunc(r.lines, func(line string) bool {
		return !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(line, part) })
	}) {
		t.Errorf("nothing asked for %q in %q", parts, r.lines)
	}
}

// TestEndpoints: an emulator of everything, and one that has the bucket only.
func TestEndpoints(t *testing.T) {
	environment(t)
	everything, all := serve(t)
	bucket, s3 := serve(t)
	t.Setenv("AWS_ENDPOINT_URL", all)
	ask(t)
	t.Setenv("AWS_ENDPOINT_URL_S3", s3)
	ask(t)

	everything.wants(t, "DynamoDB_20120810", `"boxvault"`)
	everything.wants(t, "AmazonSSM.GetParameter", parameter)
	everything.wants(t, "HEAD /boxes/leaf")
	bucket.wants(t, "HEAD /boxes/leaf")
}

// ask sends one request to each service; there is nobody who knows an answer.
func ask(t *testing.T) {
	t.Helper()
	c := opened(t, onAWS)
	_, _ = c.Items.Get(t.Context(), itemstore.Key{Partition: "o#1", Sort: "o"})
	_, _ = c.Blobs.Head(t.Context(), "leaf")
	_, _ = c.Keys(t.Context(), "")
}

func opened(t *testing.T, s settings.Settings) *Cloud {
	t.Helper()
	c, err := Open(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestLinks: a link is good only for the host that it was signed for.
func TestLinks(t *testing.T) {
	environment(t)
	link := func(s settings.Settings) string {
		t.Helper()
		l, err := opened(t, s).Blobs.SignGet(t.Context(), "leaf", blobstore.LinkOptions{TTL: time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		before, _, _ := strings.Cut(l.URL, "?")
		return before
	}
	if got := link(onAWS); got != "https://boxes.s3.eu-central-1.amazonaws.com/leaf" {
		t.Errorf("on AWS the link is %s", got)
	}
	t.Setenv("AWS_ENDPOINT_URL", "http://emulator.internal:4566")
	if got := link(onAWS); got != "http://emulator.internal:4566/boxes/leaf" {
		t.Errorf("on an emulator the link is %s", got)
	}
	outside := onAWS
	outside.S3Endpoint = "http://127.0.0.1:4566"
	if got := link(outside); got != "http://127.0.0.1:4566/boxes/leaf" {
		t.Errorf("for clients outside the emulator the link is %s", got)
	}
}
