package s3_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc64"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/blobstore/s3"
	"github.com/boxvault/boxvault/shared/blobstore/s3/s3test"
	"github.com/boxvault/boxvault/shared/blobstore/storetest"
)

func TestStore(t *testing.T) {
	b := s3test.Start(t)
	storetest.Run(t, func(*testing.T) storetest.Target {
		p := &presigner{v4.NewSigner(), 0}
		presign := awss3.NewPresignClient(b.Client, func(o *awss3.PresignOptions) { o.Presigner = p })
		return storetest.Target{
			Store: s3.Open(b.Client, presign, b.Name),
			Fails: b.Fails, Wavers: b.Wavers,
			Expired: func(sign func() blobstore.Link) blobstore.Link {
				p.behind = time.Hour
				defer func() { p.behind = 0 }()
				return sign()
			},
		}
	})
}

func BenchmarkStore(b *testing.B) {
	bucket := s3test.Start(b)
	storetest.Bench(b, func(*testing.B) blobstore.Store {
		return s3.Open(bucket.Client, bucket.Presign, bucket.Name)
	})
}

// presigner signs as if it were earlier than it is.
type presigner struct {
	*v4.Signer
	behind time.Duration
}

func (p *presigner) PresignHTTP(
	ctx context.Context, credentials aws.Credentials, r *http.Request, payloadHash, service, region string, at time.Time,
	options ...func(*v4.SignerOptions),
) (string, http.Header, error) {
	options = append(options, func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	return p.Signer.PresignHTTP(ctx, credentials, r, payloadHash, service, region, at.Add(-p.behind), options...)
}

// S3 computes a checksum over every object; that an upload says at its beginning that it has one
// has S3 hold the object against a checksum that is given in the end.
func TestS3HoldsTheWholeObjectAgainstAChecksum(t *testing.T) {
	b := s3test.Start(t)
	if how, fails := b.Fails[s3test.HoldsChecksum]; fails {
		storetest.Lacking(t, how, func(t testing.TB) { holdsChecksum(t, b) })
	}
	holdsChecksum(t, b)
}

func holdsChecksum(t testing.TB, b s3test.Bucket) {
	store := s3.Open(b.Client, b.Presign, b.Name)
	u, err := store.Begin(t.Context(), "key", blobstore.MinPart)
	if err != nil {
		t.Fatal(err)
	}
	content := bytes.Repeat([]byte("content "), blobstore.MinPart/8+1)
	var parts []types.CompletedPart
	for n, piece := range [][]byte{content[:blobstore.MinPart], content[blobstore.MinPart:]} {
		p, err := store.PutPart(t.Context(), u, n+1, bytes.NewReader(piece), int64(len(piece)))
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, types.CompletedPart{
			PartNumber: aws.Int32(int32(p.Number)), ETag: &p.ETag, ChecksumCRC64NVME: aws.String(crc64NVME(piece)),
		})
	}
	complete := func(checksum string) string {
		_, err := b.Client.CompleteMultipartUpload(t.Context(), &awss3.CompleteMultipartUploadInput{
			Bucket: &b.Name, Key: &u.Key, UploadId: &u.ID, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts},
			ChecksumCRC64NVME: &checksum, ChecksumType: types.ChecksumTypeFullObject,
		})
		var refusal smithy.APIError
		errors.As(err, &refusal)
		if refusal == nil && err != nil {
			t.Fatal(err)
		}
		if refusal != nil {
			return refusal.ErrorCode()
		}
		return ""
	}
	if code := complete(crc64NVME(content[1:])); code != "BadDigest" {
		t.Errorf("another checksum: %q, want BadDigest", code)
	}
	if code := complete(crc64NVME(content)); code != "" {
		t.Errorf("the object's checksum: %s", code)
	}
}

// crc64NVME is the checksum as S3 writes it, with the polynomial of the NVM Express specification.
func crc64NVME(content []byte) string {
	sum := crc64.Checksum(content, crc64.MakeTable(0x9a6c9329ac4bc9b5))
	return base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint64(nil, sum))
}

func clientOf(endpoint string, options ...func(*awss3.Options)) *awss3.Client {
	return awss3.New(awss3.Options{
		BaseEndpoint: &endpoint,
		UsePathStyle: true,
		Region:       "us-east-1",
		Credentials:  credentials.NewStaticCredentialsProvider("access", "secret", ""),
	}, options...)
}

// A part that streams by cannot be sent again by the SDK, for its bytes are gone. The
// error is S3's, and not one of the SDK's trying to.
func TestRefusalOfAPartIsTold(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusServiceUnavailable)
		io.WriteString(w, `<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>`)
	}))
	defer server.Close()
	client := clientOf(server.URL)
	store := s3.Open(client, awss3.NewPresignClient(client), "bucket")
	u := blobstore.Upload{Key: "key", ID: "id", PartSize: blobstore.MinPart}
	_, err := store.PutPart(t.Context(), u, 1, io.MultiReader(strings.NewReader("content")), 7)
	var refusal smithy.APIError
	if !errors.As(err, &refusal) || refusal.ErrorCode() != "SlowDown" || !errors.Is(err, blobstore.ErrBusy) {
		t.Errorf("error %v, want SlowDown", err)
	}
}

func TestLinksLeadToTheEndpointOfThePresigner(t *testing.T) {
	presign := awss3.NewPresignClient(clientOf("https://files.example"))
	store := s3.Open(clientOf("http://127.0.0.1:1"), presign, "bucket")
	link, err := store.SignGet(t.Context(), "key", blobstore.LinkOptions{TTL: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(link.URL, "https://files.example/bucket/key?") {
		t.Errorf("link %s", link.URL)
	}
}
