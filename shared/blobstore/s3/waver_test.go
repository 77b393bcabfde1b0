package s3_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/blobstore/s3"
)

// A part that is in memory need not end an upload of hours because the bucket is too busy once.
func TestAPartThatCanBeReadAgainIsSentAgain(t *testing.T) {
	const whole = "a part, more, and what is of the next one"
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		got = append(got, string(body)+" "+r.Header.Get("X-Amz-Content-Sha256"))
		if err != nil || len(got) == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = io.WriteString(w, slowDown)
			return
		}
		w.Header().Set("ETag", `"etag"`)
	}))
	defer server.Close()
	store := soon(server.URL)
	r := bytes.NewReader([]byte(whole))
	if _, err := r.Seek(8, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	p, err := store.PutPart(t.Context(), part, 1, r, 4)
	if err != nil || p != (blobstore.Part{Number: 1, Size: 4, ETag: "etag"}) {
		t.Errorf("%+v, %v", p, err)
	}
	if want := "more UNSIGNED-PAYLOAD"; len(got) != 2 || got[0] != want || got[1] != want {
		t.Errorf("sent was %q, not %q twice", got, want)
	}
	if rest, err := io.ReadAll(r); err != nil || string(rest) != whole[12:] {
		t.Errorf("the reader is left before %q, %v", rest, err)
	}
}

// S3 closes a connection that is silent for some 20 seconds.
func TestAPartWhoseBytesDoNotComeHasStalled(t *testing.T) {
	asked, answered := 0, make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		_, _ = io.ReadFull(r.Body, make([]byte, 3))
		_ = http.NewResponseController(w).SetReadDeadline(time.Now()) // the server would wait for the rest of the body
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `<Error><Code>RequestTimeout</Code><Message>Your socket connection to the server was not read from or written to within the timeout period. Idle connections will be closed.</Message></Error>`)
		_ = http.NewResponseController(w).Flush()
		close(answered)
	}))
	defer server.Close()
	r, w := io.Pipe()
	go func() {
		_, _ = w.Write([]byte("con"))
		<-answered
		_, _ = w.Write([]byte("tent")) // the client goes on, which is too late
	}()
	_, err := soon(server.URL).PutPart(t.Context(), part, 1, r, 7)
	if !errors.Is(err, blobstore.ErrStalled) || asked != 1 {
		t.Errorf("asked %d times, error %v, want %v", asked, err, blobstore.ErrStalled)
	}
}

var part = blobstore.Upload{Key: "key", ID: "id", PartSize: blobstore.MinPart}

// soon is the store of a server that is asked again at once.
func soon(endpoint string) *s3.Store {
	client := clientOf(endpoint, func(o *awss3.Options) {
		o.Retryer = retry.NewStandard(func(o *retry.StandardOptions) { o.MaxBackoff = 1 })
	})
	return s3.Open(client, awss3.NewPresignClient(client), "bucket")
}
