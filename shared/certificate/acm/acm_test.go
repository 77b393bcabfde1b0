package acm_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/acm"

	"github.com/boxvault/boxvault/shared/certificate"
	"github.com/boxvault/boxvault/shared/certificate/acm"
	"github.com/boxvault/boxvault/shared/certificate/certificatetest"
	"github.com/boxvault/boxvault/shared/registry"
)

// service is ACM as far as ImportCertificate goes: it refuses what ACM refuses, and keeps what it
// takes.
type service struct {
	t           *testing.T
	code, words string // of the error to every request; empty: take it
	known       map[string]imported
}

// imported is the body of ImportCertificate, in AWS JSON 1.1, which has bytes in base64.
type imported struct {
	Certificate, PrivateKey, CertificateChain []byte
	CertificateArn                            string
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost || r.Header.Get("X-Amz-Target") != "CertificateManager.ImportCertificate" {
		s.t.Errorf("the request is %s %s", r.Method, r.Header.Get("X-Amz-Target"))
	}
	if auth := r.Header.Get("Authorization"); !strings.Contains(auth, "/eu-central-1/acm/aws4_request") {
		s.t.Errorf("it is signed %q", auth)
	}
	body, err := io.ReadAll(r.Body)
	var got imported
	if err == nil {
		err = json.Unmarshal(body, &got)
	}
	if err != nil {
		s.t.Errorf("the body is %q: %v", body, err)
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	if _, known := s.known[got.CertificateArn]; got.CertificateArn != "" && !known {
		refuse(w, "ResourceNotFoundException", "Could not find certificate "+got.CertificateArn)
		return
	}
	if s.code != "" {
		refuse(w, s.code, s.words)
		return
	}
	arn := got.CertificateArn
	if arn == "" {
		arn = fmt.Sprintf("arn:aws:acm:eu-central-1:123456789012:certificate/%d", len(s.known)+1)
	}
	s.known[arn] = got
	fmt.Fprintf(w, `{"CertificateArn":%q}`, arn)
}

func refuse(w http.ResponseWriter, code, words string) {
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(map[string]string{"__type": code, "message": words})
}

func start(t *testing.T) (*service, acm.Manager) {
	t.Helper()
	s := &service{t: t, known: map[string]imported{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return s, acm.Manager{Client: sdk.New(sdk.Options{
		BaseEndpoint: &server.URL, Region: "eu-central-1", Retryer: aws.NopRetryer{},
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""),
	})}
}

func pair(t *testing.T, chain func(certificatetest.Issued) []byte) certificate.Pair {
	t.Helper()
	c := certificatetest.Issue(t)
	p, err := certificate.Parse(chain(c), c.Key, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestACertificateIsReplacedUnderItsARN(t *testing.T) {
	s, m := start(t)
	arn := ""
	for _, chain := range []func(certificatetest.Issued) []byte{
		certificatetest.Issued.Chain, func(i certificatetest.Issued) []byte { return slices.Concat(i.Leaf, i.Issuer, i.Root) },
		func(i certificatetest.Issued) []byte { return i.Leaf },
	} {
		p := pair(t, chain)
		id, err := m.Install(t.Context(), p, arn)
		if err != nil || arn != "" && id != arn {
			t.Fatalf("the ARN was %s and is %s, %v", arn, id, err)
		}
		arn = id
		got := s.known[arn]
		if !bytes.Equal(got.Certificate, p.Leaf) || !bytes.Equal(got.CertificateChain, p.Chain) || !bytes.Equal(got.PrivateKey, p.Key) {
			t.Errorf("ACM was sent another pair")
		}
	}
	if len(s.known) != 1 {
		t.Errorf("%d certificates were made", len(s.known))
	}
}

func TestACertificateThatWasDeletedIsMadeAnew(t *testing.T) {
	_, m := start(t)
	const gone = "arn:aws:acm:eu-central-1:123456789012:certificate/gone"
	id, err := m.Install(t.Context(), pair(t, certificatetest.Issued.Chain), gone)
	if err != nil || id == gone || id == "" {
		t.Errorf("%s, %v", id, err)
	}
}

func TestWhatACMRefusesIsToldToWhoCanMendIt(t *testing.T) {
	s, m := start(t)
	for code, want := range map[string]registry.Kind{
		"ValidationException": registry.Invalid, "InvalidParameterException": registry.Invalid,
		"LimitExceededException": registry.Conflict, "AccessDeniedException": registry.Internal,
	} {
		s.code, s.words = code, "the key type has changed"
		_, err := m.Install(t.Context(), pair(t, certificatetest.Issued.Chain), "")
		if err == nil || registry.KindOf(err) != want {
			t.Errorf("%s is told as %v", code, err)
		}
	}
}
