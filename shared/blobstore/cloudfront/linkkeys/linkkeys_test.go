package linkkeys_test

import (
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/pem"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	api "github.com/aws/aws-sdk-go-v2/service/cloudfront"

	"github.com/boxvault/boxvault/shared/blobstore/cloudfront"
	"github.com/boxvault/boxvault/shared/blobstore/cloudfront/linkkeys"
	"github.com/boxvault/boxvault/shared/blobstore/cloudfront/linkkeys/linkkeystest"
	"github.com/boxvault/boxvault/shared/cloud"
	"github.com/boxvault/boxvault/shared/keyring"
)

const parameter = "/BoxVault/edge/keys"

// world is an account and the keeper of its keys.
type world struct {
	*testing.T
	*linkkeystest.Account
	linkkeys.Keeper
	now time.Time
}

func start(t *testing.T) *world {
	w := &world{T: t, Account: linkkeystest.Start(t), now: time.Now().UTC().Truncate(time.Second)}
	t.Setenv("AWS_ENDPOINT_URL_SSM", w.URL)
	cfg := aws.Config{Region: "eu-central-1", Credentials: credentials.NewStaticCredentialsProvider("id", "key", "")}
	w.Keeper = linkkeys.Keeper{
		CloudFront: api.NewFromConfig(cfg, func(o *api.Options) { o.BaseEndpoint = &w.URL }),
		Parameters: cloud.OpenParameters(cfg), Name: "BoxVault-edge", Keys: parameter, Now: func() time.Time { return w.now },
	}
	return w
}

// ring reads what the functions read, and fails the test unless the key group knows just these keys.
func (w *world) ring(group string) keyring.Ring {
	w.Helper()
	ring, err := keyring.Parse(w.Account.Parameters[parameter])
	if err != nil {
		w.Fatal(err)
	}
	var ids []string
	for _, k := range ring {
		ids = append(ids, k.ID)
		e, err := cloudfront.At("https://boxes.example.com", keyring.Ring{k}, k.Since)
		if err != nil {
			w.Fatal(err)
		}
		block, _ := pem.Decode([]byte(w.PublicKeys[k.ID]))
		if block == nil {
			w.Fatalf("CloudFront does not know %s", k.ID)
		}
		if public, err := x509.ParsePKIXPublicKey(block.Bytes); err != nil || !public.(*ecdsa.PublicKey).Equal(&e.Key.PublicKey) {
			w.Errorf("%s is another key at CloudFront, %v", k.ID, err)
		}
	}
	if !slices.Equal(w.Groups[group], ids) || len(w.PublicKeys) != len(ids) {
		w.Errorf("the group knows %v, CloudFront has %d keys, and links are signed with %v", w.Groups[group], len(w.PublicKeys), ids)
	}
	return ring
}

func (w *world) make() (group string) {
	w.Helper()
	group, err := w.Make(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	return group
}

func (w *world) rotate(group string) {
	w.Helper()
	told, err := w.Rotate(w.Context(), group)
	if err != nil {
		w.Fatal(err)
	}
	if ring := w.ring(group); len(told) != len(ring) || told[0].ID != ring[0].ID || strings.Contains(told.Text(), "secret") {
		w.Errorf("who rotates is told %v", told)
	}
}

func TestTheFirstKeySignsAtOnce(t *testing.T) {
	w := start(t)
	group := w.make()
	if ring := w.ring(group); len(ring) != 1 || !ring[0].Since.Equal(w.now) {
		t.Errorf("the ring is %v", ring)
	}
}

func TestTheNextKeyIsKnownBeforeItSigns(t *testing.T) {
	w := start(t)
	group := w.make()
	first := w.ring(group)[0]
	w.now = w.now.Add(time.Hour)
	w.rotate(group)
	ring := w.ring(group)
	if len(ring) != 2 || !reflect.DeepEqual(ring[0], first) || !ring[1].Since.Equal(w.now.Add(cloudfront.Ahead)) {
		t.Errorf("the ring is %v", ring)
	}
	if _, err := w.Rotate(t.Context(), group); err == nil || !strings.Contains(err.Error(), "rotate again after that") {
		t.Errorf("while a rotation is under way another one gives %v", err)
	}
	w.now = w.now.Add(24 * time.Hour)
	w.rotate(group)
	if again := w.ring(group); len(again) != 2 || again[0].ID != ring[1].ID {
		t.Errorf("a day later the ring is %v", again)
	}
}

// However often somebody rotates, no key goes that a link may be good by.
func TestRotatingOftenEndsBeforeLinksDo(t *testing.T) {
	w := start(t)
	group := w.make()
	for range 4 {
		w.now = w.now.Add(cloudfront.Ahead)
		w.rotate(group)
	}
	w.now = w.now.Add(cloudfront.Ahead)
	if _, err := w.Rotate(t.Context(), group); err == nil || !strings.Contains(err.Error(), "rotate again in an hour") {
		t.Errorf("a sixth key gives %v", err)
	}
	if ring := w.ring(group); len(ring) != 5 {
		t.Errorf("the ring is %v", ring)
	}
}

func TestOfTwoRotationsOneIsRefused(t *testing.T) {
	w := start(t)
	group := w.make()
	var both sync.WaitGroup
	errs := make([]error, 2)
	for i := range errs {
		both.Go(func() { _, errs[i] = w.Rotate(t.Context(), group) })
	}
	both.Wait()
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Errorf("they end with %v and %v", errs[0], errs[1])
	}
	if ring := w.ring(group); len(ring) != 2 {
		t.Errorf("the ring is %v", ring)
	}
}

func TestWhatFailsLeavesNothingBehind(t *testing.T) {
	for _, request := range []string{"POST /2020-05-31/public-key", "POST /2020-05-31/key-group", "PutParameter"} {
		w := start(t)
		w.Refuse = func(asked string) string { return map[bool]string{true: "AccessDenied"}[asked == request] }
		if group, err := w.Make(t.Context()); err == nil || len(w.Groups)+len(w.PublicKeys)+len(w.Account.Parameters) > 0 {
			t.Errorf("without %s there is %s, %v, %v, %v", request, group, w.Groups, w.PublicKeys, err)
		}
	}
}

func TestARotationThatFailsChangesNothing(t *testing.T) {
	for _, request := range []string{"GetParameter", "POST /2020-05-31/public-key", "PUT /2020-05-31/key-group/G2"} {
		w := start(t)
		group := w.make()
		w.Refuse = func(asked string) string { return map[bool]string{true: "AccessDenied"}[asked == request] }
		if _, err := w.Rotate(t.Context(), group); err == nil {
			t.Errorf("without %s it succeeds", request)
		}
		w.Refuse = nil
		if ring := w.ring(group); len(ring) != 1 {
			t.Errorf("without %s the ring is %v", request, ring)
		}
	}
}

// A rotation that fails after the group changed is made good by the next one.
func TestARotationThatIsHalfDoneIsFinishedByTheNext(t *testing.T) {
	w := start(t)
	group := w.make()
	w.Refuse = func(asked string) string { return map[bool]string{true: "AccessDenied"}[asked == "PutParameter"] }
	if _, err := w.Rotate(t.Context(), group); err == nil || len(w.PublicKeys) != 2 {
		t.Errorf("there are %d keys, %v", len(w.PublicKeys), err)
	}
	w.Refuse = nil
	if _, err := w.Rotate(t.Context(), group); err == nil || !strings.Contains(err.Error(), "rotate again in 2m0s") {
		t.Errorf("at once after that %v", err)
	}
	w.now = w.now.Add(3 * time.Minute)
	w.rotate(group)
	w.ring(group)
}

func TestDeletingLeavesNothing(t *testing.T) {
	w := start(t)
	group := w.make()
	w.rotate(group)
	for range 2 { // CloudFormation may ask again
		if err := w.Delete(t.Context(), group); err != nil || len(w.Groups)+len(w.PublicKeys)+len(w.Account.Parameters) > 0 {
			t.Errorf("there are %v, %v, %v, %v", w.Groups, w.PublicKeys, w.Account.Parameters, err)
		}
	}
	if _, err := w.Rotate(t.Context(), group); err == nil || !strings.Contains(err.Error(), "read the key group") {
		t.Errorf("rotating nothing gives %v", err)
	}
}
