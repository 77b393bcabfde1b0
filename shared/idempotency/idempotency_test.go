package idempotency

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/itemstore/local"
	"github.com/boxvault/boxvault/shared/keyring"
	"github.com/boxvault/boxvault/shared/keyring/keyringtest"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

var (
	ada     = registry.Caller{Account: 1}
	request = sha256.Sum256([]byte("POST a box"))
	made    = route.Reply{Status: 201, Body: []byte(`{"token":"shown once"}`)}
)

// clock is the time of a test.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

func open(t *testing.T) (Keeper, *clock) {
	t.Helper()
	c := &clock{time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
	store, err := local.Open(filepath.Join(t.TempDir(), "records.db"), local.Options{Now: c.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return Keeper{
		Catalog: &catalog.Catalog{Store: store, Now: c.Now}, Now: c.Now,
		Keys: keyringtest.Fixed(ring),
	}, c
}

var ring = keyringtest.Ring("the token secret, 32 bytes long.")

func (k Keeper) note(t *testing.T, key string) note {
	t.Helper()
	n, err := k.noteFor(t.Context(), ada, key)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// times counts how often a request is done.
type times int

func (n *times) do() (route.Reply, error) { *n++; return made, nil }

func (k Keeper) ask(t *testing.T, do func() (route.Reply, error)) (again bool, err error) {
	t.Helper()
	a, again, err := k.Once(t.Context(), ada, "key", request, do)
	if err == nil && (a.Status != made.Status || !bytes.Equal(a.Body, made.Body)) {
		t.Errorf("answered %d %s", a.Status, a.Body)
	}
	return again, err
}

func TestARequestIsDoneOnceADay(t *testing.T) {
	k, c := open(t)
	var n times
	for i, step := range []struct {
		passed time.Duration
		again  bool
		done   times
	}{{0, false, 1}, {0, true, 1}, {keep - time.Second, true, 1}, {2 * time.Second, false, 2}} {
		c.now = c.now.Add(step.passed)
		if again, err := k.ask(t, n.do); err != nil || again != step.again || n != step.done {
			t.Errorf("step %d: again %v, done %d times, %v", i, again, n, err)
		}
	}
}

// A process that dies leaves its key taken, until it cannot be at it any more.
func TestARequestThatDiedIsDoneAnewAfterItsLease(t *testing.T) {
	k, c := open(t)
	var n times
	if _, err := k.take(t.Context(), k.note(t, "key"), request); err != nil {
		t.Fatal(err)
	}
	_, err := k.ask(t, n.do)
	var told *registry.Error
	if !errors.As(err, &told) || told.Kind != registry.Conflict || told.Details[registry.RetryAfter] != 1 || n != 0 {
		t.Errorf("while it is being done: %v, done %d times", err, n)
	}
	c.now = c.now.Add(lease)
	if again, err := k.ask(t, n.do); err != nil || again || n != 1 {
		t.Errorf("after the lease: %v, done %d times", err, n)
	}
}

func TestWhatFailsLeavesItsKeyFree(t *testing.T) {
	k, _ := open(t)
	var n times
	gone, cancel := context.WithCancel(t.Context())
	for name, fail := range map[string]func() (route.Reply, error){
		"error": func() (route.Reply, error) { return route.Reply{}, errors.New("no") },
		"panic": func() (route.Reply, error) { panic("no") },
		"gone":  func() (route.Reply, error) { cancel(); return route.Reply{}, context.Canceled },
	} {
		func() {
			defer func() { _ = recover() }()
			if _, _, err := k.Once(gone, ada, "key", request, fail); err == nil {
				t.Errorf("%s is no error", name)
			}
		}()
	}
	if again, err := k.ask(t, n.do); err != nil || again || n != 1 {
		t.Errorf("again %v, %v, done %d times", again, err, n)
	}
}

// The client that has gone is the one who asks again.
func TestTheAnswerIsKeptForAClientThatHasGone(t *testing.T) {
	k, _ := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	if _, _, err := k.Once(ctx, ada, "key", request, func() (route.Reply, error) { cancel(); return made, nil }); err != nil {
		t.Fatal(err)
	}
	var n times
	if again, err := k.ask(t, n.do); err != nil || !again || n != 0 {
		t.Errorf("again %v, %v, done %d times", again, err, n)
	}
}

func TestAnAnswerIsReadOnlyWithTheSecretAndTheClientsKey(t *testing.T) {
	k, _ := open(t)
	var n times
	if _, err := k.ask(t, n.do); err != nil {
		t.Fatal(err)
	}
	right := k.note(t, "key")
	a, err := k.Catalog.Answer(t.Context(), right.name)
	if err != nil || bytes.Contains(a.Sealed, []byte("shown once")) {
		t.Fatalf("kept is %q, %v", a.Sealed, err)
	}
	for about, other := range map[string]note{
		"another secret": {right.name, right.who, keyringtest.Ring("another secret, 32 bytes long...")[0]}, "another key": k.note(t, "yek"),
		"another place": {"elsewhere", right.who, right.key},
	} {
		if _, err := other.open(a.Sealed); err == nil {
			t.Errorf("with %s it is read", about)
		}
	}
	for cut := range 30 {
		if _, err := right.open(a.Sealed[:cut]); err == nil {
			t.Errorf("%d bytes of it are read", cut)
		}
	}
}

// A key that was rotated meanwhile opens what it sealed. Where it is gone, the request is not done again for that.
func TestAnAnswerIsReadWhicheverKeySealsByNow(t *testing.T) {
	k, c := open(t)
	var n times
	if _, err := k.ask(t, n.do); err != nil {
		t.Fatal(err)
	}
	next := keyring.Key{ID: "next", Since: c.now, Secret: []byte("another secret, 32 bytes long...")}
	k.Keys = keyringtest.Fixed(keyring.Ring{ring[0], next})
	if again, err := k.ask(t, n.do); err != nil || !again {
		t.Errorf("after a rotation: again %v, %v", again, err)
	}
	k.Keys = keyringtest.Fixed(keyring.Ring{next})
	if _, err := k.ask(t, n.do); registry.KindOf(err) != registry.Conflict || !strings.Contains(err.Error(), "was done") {
		t.Errorf("without the key: %v", err)
	}
	if n != 1 {
		t.Errorf("done %d times", n)
	}
}

// A version before rings did not say which key it sealed with: there was one.
func TestAnAnswerThatNamesNoKeyIsReadByTheFirst(t *testing.T) {
	k, c := open(t)
	first, err := keyring.OfOne(ring[0].Secret)
	if err != nil {
		t.Fatal(err)
	}
	k.Keys = keyringtest.Fixed(first)
	var n times
	if _, err := k.ask(t, n.do); err != nil {
		t.Fatal(err)
	}
	name := k.note(t, "key").name
	a, err := k.Catalog.Answer(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	a.Key = ""
	if _, err := k.Catalog.SaveAnswer(t.Context(), name, a); err != nil {
		t.Fatal(err)
	}
	k.Keys = keyringtest.Fixed(append(first, keyring.Key{ID: "next", Since: c.now, Secret: []byte("another secret, 32 bytes long...")}))
	if again, err := k.ask(t, n.do); err != nil || !again || n != 1 {
		t.Errorf("again %v, %v, done %d times", again, err, n)
	}
}

// The largest answer is the first URLs of an upload: each with a session token of AWS, and a signature.
func TestTheLargestAnswerFits(t *testing.T) {
	k, _ := open(t)
	token := strings.Repeat("IQoJb3JpZ2luX2VjE", 60)
	var body strings.Builder
	for part := range 500 {
		signature := make([]byte, 32)
		rand.Read(signature)
		fmt.Fprintf(&body, `{"partNumber":%d,"url":"https://bucket.s3.eu-central-1.amazonaws.com/k?partNumber=%[1]d&token=%s&signature=%s"}`, part, token, hex.EncodeToString(signature))
	}
	large := route.Reply{Status: 201, Body: []byte(body.String())}
	for _, again := range []bool{false, true} {
		got, was, err := k.Once(t.Context(), ada, "key", request, func() (route.Reply, error) { return large, nil })
		if err != nil || was != again || !bytes.Equal(got.Body, large.Body) {
			t.Errorf("%d bytes of %d, again %v, %v", len(got.Body), len(large.Body), was, err)
		}
	}
}

// full is a store without room for more than the first write.
type full struct {
	itemstore.Store
	writes *int
}

func (f full) Write(ctx context.Context, ops ...itemstore.Op) error {
	if *f.writes++; *f.writes > 1 {
		return itemstore.ErrFull
	}
	return f.Store.Write(ctx, ops...)
}

func TestWhatWasDoneIsToldThoughItCannotBeKept(t *testing.T) {
	k, _ := open(t)
	var log bytes.Buffer
	var n times
	k.Catalog.Store, k.Log = full{k.Catalog.Store, new(int)}, slog.New(slog.NewTextHandler(&log, nil))
	if _, err := k.ask(t, n.do); err != nil || n != 1 || !strings.Contains(log.String(), "no room") {
		t.Errorf("%v, done %d times, logged %s", err, n, &log)
	}
}

// Whether its key is gone, or came while this process could not read any, is not known before the keys are read.
func TestAnAnswerWhoseKeyCouldNotBeReadIsAskedForAgain(t *testing.T) {
	k, c := open(t)
	others, down := k, errors.New("the keys cannot be read")
	var failed error
	cache := &keyring.Cache{Now: c.Now, Read: func(context.Context) (keyring.Ring, error) { return ring, failed }}
	k.Keys = cache.Ring
	k.note(t, "another")
	failed, c.now = down, c.now.Add(keyring.Pause)
	others.Keys = keyringtest.Fixed(keyring.Ring{{ID: "next", Since: keyring.Ever, Secret: []byte("another secret, 32 bytes or more")}})
	var n times
	if _, err := others.ask(t, n.do); err != nil {
		t.Fatal(err)
	}
	if _, err := k.ask(t, n.do); !errors.Is(err, down) || n != 1 {
		t.Errorf("it is %v, done %d times", err, n)
	}
}
