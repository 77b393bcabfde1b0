package s3_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/blobstore/s3"
)

// S3 may say 200 and fail all the same: it begins to answer before it is done. No server can be
// asked to, so what it says then is said here, to a store that knows of one part.
type saying struct {
	complete       string // body of the answer to CompleteMultipartUpload
	completeStatus int
	head           int // size of the object; -1: there is none; busy: S3 does not say
}

const busy = -2

const (
	onePart  = `<ListPartsResult><Part><PartNumber>1</PartNumber><ETag>"etag"</ETag><Size>7</Size></Part></ListPartsResult>`
	success  = `<CompleteMultipartUploadResult><ETag>"etag-1"</ETag></CompleteMultipartUploadResult>`
	internal = `<Error><Code>InternalError</Code><Message>We encountered an internal error.</Message></Error>`
	slowDown = `<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>`
	noUpload = `<Error><Code>NoSuchUpload</Code><Message>The specified upload does not exist.</Message></Error>`
	badPart  = `<Error><Code>InvalidPart</Code><Message>One or more parts could not be found.</Message></Error>`
)

func (s saying) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method == http.MethodGet:
		fmt.Fprint(w, onePart)
	case r.Method == http.MethodPost:
		w.WriteHeader(s.completeStatus)
		fmt.Fprint(w, s.complete)
	case s.head == busy:
		w.WriteHeader(http.StatusServiceUnavailable)
	case s.head < 0:
		w.WriteHeader(http.StatusNotFound)
	default:
		w.Header().Set("Content-Length", fmt.Sprint(s.head))
		w.Header().Set("ETag", `"etag-1"`)
	}
}

func TestCompleteBelievesTheObject(t *testing.T) {
	anyError := errors.New("any error")
	for _, c := range []struct {
		what string
		says saying
		want error
	}{
		{"done", saying{success, 200, 7}, nil},
		{"200, but an error, and no object", saying{internal, 200, -1}, anyError},
		{"200, but an error, and an object", saying{internal, 200, 7}, anyError},
		{"200, but nothing, and no object", saying{"", 200, -1}, anyError},
		{"200, but no object", saying{success, 200, -1}, anyError},
		{"200, but half an object", saying{success, 200, 3}, anyError},
		{"done, but too busy to say so", saying{success, 200, busy}, blobstore.ErrBusy},
		{"too busy to do it", saying{slowDown, 503, -1}, blobstore.ErrBusy},
		{"200, but too busy to do it", saying{slowDown, 200, -1}, blobstore.ErrBusy},
		{"another completed it meanwhile, too busy to say so", saying{noUpload, 404, busy}, blobstore.ErrBusy},
		{"another completed it meanwhile", saying{noUpload, 404, 7}, nil},
		{"another clears its parts away", saying{badPart, 400, 7}, nil},
		{"it was aborted meanwhile", saying{noUpload, 404, -1}, blobstore.ErrNoUpload},
		{"a part was replaced meanwhile", saying{badPart, 400, -1}, blobstore.ErrPart},
	} {
		t.Run(c.what, func(t *testing.T) {
			server := httptest.NewServer(c.says)
			defer server.Close()
			client := clientOf(server.URL, func(o *awss3.Options) { o.Retryer = aws.NopRetryer{} })
			store := s3.Open(client, awss3.NewPresignClient(client), "bucket")
			u := blobstore.Upload{Key: "key", ID: "id", PartSize: blobstore.MinPart}
			o, err := store.Complete(t.Context(), u, []blobstore.Part{{Number: 1, Size: 7, ETag: "etag"}})
			switch {
			case c.want == anyError && (err == nil || errors.Is(err, blobstore.ErrNotFound)):
				t.Errorf("%+v, error %v", o, err)
			case c.want != anyError && !errors.Is(err, c.want):
				t.Errorf("error %v, want: %v", err, c.want)
			case c.want == nil && o != blobstore.Object{Size: 7, ETag: "etag-1"}:
				t.Errorf("object %+v", o)
			}
		})
	}
}
