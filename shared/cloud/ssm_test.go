package cloud

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/boxvault/boxvault/shared/itemstore"
)

// keys are what the tests sign with.
var keys = aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "a secret key", SessionToken: "a session"}

// parameterStore is SSM's parameter store for one account, as far as GetParameter, GetParameters and
// PutParameter go: a server that checks signatures and keeps state.
type parameterStore struct {
	t   *testing.T
	url string

	mu       sync.Mutex
	values   map[string]string
	versions map[string]int
	requests map[string]int // by operation
	// before runs ahead of every request, outside the lock; what it returns is answered instead.
	before func(operation string) *fault
}

// fault is an error as SSM answers it.
type fault struct {
	status     int
	code, text string
}

func newParameterStore(t *testing.T) *parameterStore {
	s := &parameterStore{t: t, values: map[string]string{}, versions: map[string]int{}, requests: map[string]int{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func (s *parameterStore) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Error(err)
	}
	s.checkSigned(r, body)
	var in map[string]any
	if err := json.Unmarshal(body, &in); err != nil {
		s.t.Errorf("the body is %q: %v", body, err)
	}
	target := r.Header.Get("X-Amz-Target")
	out, refused := s.do(target, in)
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	if refused != nil {
		w.WriteHeader(refused.status)
		out = map[string]string{"__type": refused.code, "message": refused.text}
	}
	_ = json.NewEncoder(w).Encode(out)
}

func (s *parameterStore) do(target string, in map[string]any) (any, *fault) {
	if s.before != nil {
		if refused := s.before(target); refused != nil {
			return nil, refused
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests[target]++
	switch target {
	case "AmazonSSM.GetParameter":
		return s.get(in)
	case "AmazonSSM.GetParameters":
		return s.getAll(in)
	case "AmazonSSM.PutParameter":
		return s.put(in)
	default:
		return nil, &fault{http.StatusBadRequest, "UnknownOperationException", target}
	}
}

func (s *parameterStore) get(in map[string]any) (any, *fault) {
	name, _ := in["Name"].(string)
	value, found := s.values[name]
	if !found { // the shape's full name, as some servers send it
		return nil, &fault{http.StatusBadRequest, "com.amazonaws.ssm#" + parameterNotFound, ""}
	}
	if in["WithDecryption"] != true {
		value = "the ciphertext"
	}
	return map[string]any{"Parameter": map[string]any{"Name": name, "Type": "SecureString", "Value": value, "Version": s.versions[name]}}, nil
}

func (s *parameterStore) getAll(in map[string]any) (any, *fault) {
	var found, missing []any
	for _, name := range in["Names"].([]any) {
		one, wrong := s.get(map[string]any{"Name": name, "WithDecryption": in["WithDecryption"]})
		if wrong != nil {
			missing = append(missing, name)
			continue
		}
		found = append(found, one.(map[string]any)["Parameter"])
	}
	return map[string]any{"Parameters": found, "InvalidParameters": missing}, nil
}

func (s *parameterStore) put(in map[string]any) (any, *fault) {
	name, _ := in["Name"].(string)
	if in["Type"] != "SecureString" {
		s.t.Errorf("the parameter %s is to be a %v", name, in["Type"])
	}
	if _, found := s.values[name]; found && in["Overwrite"] != true {
		return nil, &fault{http.StatusBadRequest, parameterAlreadyExists, "The parameter already exists."}
	}
	value, _ := in["Value"].(string)
	if len(value) > 4096 { // of the standard tier
		return nil, &fault{http.StatusBadRequest, "ValidationException", "the value is too long"}
	}
	s.values[name] = value
	s.versions[name]++
	return map[string]any{"Version": s.versions[name], "Tier": "Standard"}, nil
}

// checkSigned signs the request once more and compares.
func (s *parameterStore) checkSigned(r *http.Request, body []byte) {
	at, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
	if err != nil {
		s.t.Errorf("the request has no date: %v", err)
	}
	again, err := http.NewRequest(r.Method, s.url+r.URL.Path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	again.ContentLength = r.ContentLength
	for _, name := range []string{"Content-Type", "X-Amz-Target"} {
		again.Header.Set(name, r.Header.Get(name))
	}
	hash := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(s.t.Context(), keys, again, hex.EncodeToString(hash[:]), "ssm", "eu-central-1", at); err != nil {
		s.t.Fatal(err)
	}
	if got, want := r.Header.Get("Authorization"), again.Header.Get("Authorization"); got != want || got == "" {
		s.t.Errorf("the request is signed %q, want %q", got, want)
	}
	if got := r.Header.Get("Content-Type"); got != "application/x-amz-json-1.1" {
		s.t.Errorf("the Content-Type is %q", got)
	}
}

// What stays throttled is told as such, so that a client comes again.
func TestAParameterStoreThatIsThrottledIsBusy(t *testing.T) {
	store := newParameterStore(t)
	parameters := newSSM(aws.Config{Region: "eu-central-1", Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return keys, nil })}, &store.url)
	parameters.Retryer = aws.NopRetryer{}
	store.before = func(string) *fault { return &fault{http.StatusBadRequest, "ThrottlingException", "Rate exceeded"} }
	if _, _, err := parameters.get(t.Context(), parameter); !errors.Is(err, itemstore.ErrBusy) {
		t.Errorf("the answer is %v", err)
	}
	store.before = nil
	if _, _, err := parameters.get(t.Context(), parameter); errors.Is(err, itemstore.ErrBusy) {
		t.Errorf("what is not there is %v", err)
	}
}

func TestHostOfRegion(t *testing.T) {
	for region, want := range map[string]string{
		"eu-central-1": "https://ssm.eu-central-1.amazonaws.com",
		"cn-north-1":   "https://ssm.cn-north-1.amazonaws.com.cn",
	} {
		if got := newSSM(aws.Config{Region: region}, nil).URL; got != want {
			t.Errorf("in %s SSM is at %s, want %s", region, got, want)
		}
	}
}
