package cloud

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/auth/tokenkeys"
	"github.com/boxvault/boxvault/shared/keyring"
	"github.com/boxvault/boxvault/shared/settings"
)

// account is SSM and who keeps keys there, at a time that the test says.
type account struct {
	*testing.T
	*parameterStore
	tokenkeys.Keeper
	now time.Time
}

func newAccount(t *testing.T) *account {
	a := &account{T: t, parameterStore: newParameterStore(t), now: time.Now().UTC().Truncate(time.Second)}
	environment(t)
	t.Setenv("AWS_ENDPOINT_URL_SSM", a.url)
	a.Now = func() time.Time { return a.now }
	a.Place = KeyPlace{Parameters: Parameters{quick(t)}, Name: parameter, Now: a.Now}
	return a
}

// ring is what a function reads that starts now.
func (a *account) ring() keyring.Ring {
	a.Helper()
	ring, err := open(a.T, a.parameterStore).Keys(a.Context(), "")
	if err != nil {
		a.Error(err)
	}
	return ring
}

func (a *account) rotate() {
	a.Helper()
	if told, err := a.Rotate(a.Context()); err != nil || strings.Contains(told.Text(), "secret") {
		a.Errorf("a rotation ends with %v, %v", told, err)
	}
}

func TestTheFirstKeyIsMadeOnce(t *testing.T) {
	a := newAccount(t)
	for range 2 { // CloudFormation may ask again
		if err := a.Make(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	ring := a.ring()
	if k, ok := ring.Current(time.Unix(1, 0)); len(ring) != 1 || !ok || len(k.Secret) != 32 {
		t.Errorf("the ring is %v", ring.Public())
	}
	if n := a.versions[parameter]; n != 1 {
		t.Errorf("the keys were written %d times", n)
	}
}

func TestASecretOfAVersionBeforeRingsStaysTheFirstKey(t *testing.T) {
	a := newAccount(t)
	const secret = "made by the first function that needed it"
	a.values[parameter] = secret
	if err := a.Make(t.Context()); err != nil || a.values[parameter] != secret {
		t.Errorf("it was made anew, %v", err)
	}
	a.rotate()
	ring := a.ring()
	if k, ok := ring.Named(""); len(ring) != 2 || !ok || string(k.Secret) != secret {
		t.Errorf("after a rotation the ring is %v", ring.Public())
	}
	a.now = a.now.Add(keyring.Ahead + tokenkeys.Life)
	a.rotate()
	if _, ok := a.ring().Named(""); ok {
		t.Error("it is there after its time")
	}
}

func TestAKeyOfTokensIsKnownBeforeItSigns(t *testing.T) {
	a := newAccount(t)
	if _, err := a.Rotate(t.Context()); err == nil || !strings.Contains(err.Error(), "there are no keys") {
		t.Errorf("without keys a rotation ends with %v", err)
	}
	if err := a.Make(t.Context()); err != nil {
		t.Fatal(err)
	}
	first := a.ring()[0]
	a.rotate()
	if ring := a.ring(); len(ring) != 2 || ring[0].ID != first.ID || !ring[1].Since.Equal(a.now.Add(keyring.Ahead)) {
		t.Errorf("the ring is %v", ring.Public())
	}
	if _, err := a.Rotate(t.Context()); err == nil || !strings.Contains(err.Error(), "rotate again after that") {
		t.Errorf("while a rotation is under way another one ends with %v", err)
	}
}

// However often somebody rotates, no key goes that a session may be good by, and the parameter has room for them.
func TestRotatingOftenEndsBeforeSessionsDo(t *testing.T) {
	a := newAccount(t)
	if err := a.Make(t.Context()); err != nil {
		t.Fatal(err)
	}
	var err error
	for n := 1; err == nil && n < 100; n++ {
		if ring := a.ring(); len(ring) != n {
			t.Fatalf("after %d rotations the ring has %d keys", n-1, len(ring))
		}
		a.now = a.now.Add(keyring.Ahead)
		_, err = a.Rotate(t.Context())
	}
	if err == nil || !strings.Contains(err.Error(), "rotate again in a day") {
		t.Errorf("in the end it says %v", err)
	}
	a.now = a.now.Add(tokenkeys.Life)
	a.rotate()
	if ring := a.ring(); len(ring) != 2 {
		t.Errorf("when all sessions have ended the ring is %v", ring.Public())
	}
}

func TestOfManyRotationsOneIsDone(t *testing.T) {
	a := newAccount(t)
	if err := a.Make(t.Context()); err != nil {
		t.Fatal(err)
	}
	// All of them find the lock free before one takes it.
	const many = 4
	var free sync.WaitGroup
	free.Add(many)
	var reads atomic.Int32
	a.before = func(operation string) *fault {
		if operation == "AmazonSSM.PutParameter" && reads.Add(1) <= many {
			free.Done()
			free.Wait()
		}
		return nil
	}
	var all sync.WaitGroup
	errs := make([]error, many)
	for i := range errs {
		all.Go(func() { _, errs[i] = a.Rotate(t.Context()) })
	}
	all.Wait()
	a.before = nil
	errs = slices.DeleteFunc(errs, func(err error) bool { return errors.Is(err, errHeld) })
	if len(errs) != 1 || errs[0] != nil {
		t.Errorf("they end with %v", errs)
	}
	if ring := a.ring(); len(ring) != 2 {
		t.Errorf("the ring is %v", ring.Public())
	}
}

// One that died leaves the lock behind.
func TestALockEndsByItself(t *testing.T) {
	a := newAccount(t)
	if err := a.Make(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Place.Lock(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Rotate(t.Context()); !errors.Is(err, errHeld) {
		t.Errorf("while somebody else rotates: %v", err)
	}
	a.now = a.now.Add(held)
	a.rotate()
	a.values[parameter+settings.SecretLock] = "garbage"
	a.now = a.now.Add(keyring.Ahead)
	a.rotate()
}

func TestEndingAllSessionsTakesWhateverIsThere(t *testing.T) {
	a := newAccount(t)
	for about, text := range map[string]string{"keys": one.Text(), "a secret": strings.Repeat("x", 32), "garbage": "changeme", "nothing": ""} {
		a.values[parameter] = text
		if text == "" {
			delete(a.values, parameter)
		}
		told, err := a.EndAll(t.Context())
		if err != nil || strings.Contains(told.Text(), "secret") {
			t.Errorf("%s: it ends with %v, %v", about, told, err)
		}
		if ring := a.ring(); len(ring) != 1 || ring[0].ID != told[0].ID {
			t.Errorf("%s: the ring is %v", about, ring.Public())
		} else if _, ok := ring.Current(a.now); !ok {
			t.Errorf("%s: nothing signs", about)
		}
	}
}

func TestAChangeThatFailsLeavesTheKeysAsTheyAre(t *testing.T) {
	a := newAccount(t)
	for text, says := range map[string]string{"changeme": "shorter than 32 bytes", `[{"id":"changeme"}]`: "shorter than 32 bytes", "[changeme": "no ring of keys"} {
		a.values[parameter] = text
		for about, change := range map[string]func(context.Context) error{
			"made": a.Make, "rotated": func(ctx context.Context) error { _, err := a.Rotate(ctx); return err },
		} {
			err := change(t.Context())
			if err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), parameter) || strings.Contains(err.Error(), "changeme") {
				t.Errorf("%s when it is %s: %v", about, text, err)
			}
		}
		if a.values[parameter] != text {
			t.Errorf("%s became %s", text, a.values[parameter])
		}
	}
	a.values[parameter] = one.Text()
	for _, operation := range []string{"AmazonSSM.GetParameter", "AmazonSSM.PutParameter"} {
		a.before = func(asked string) *fault {
			if asked == operation {
				return &fault{http.StatusBadRequest, "AccessDeniedException", "not authorized"}
			}
			return nil
		}
		if _, err := a.Rotate(t.Context()); err == nil || !strings.Contains(err.Error(), parameter) {
			t.Errorf("without %s: %v", operation, err)
		}
	}
	if a.before = nil; a.values[parameter] != one.Text() {
		t.Errorf("the keys are %v", a.ring().Public())
	}
}
