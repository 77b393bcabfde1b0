package functions_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/smithy-go"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// quietly keeps the faults that a test wants out of its log.
func quietly(o *core.Options) { o.Log = slog.New(slog.DiscardHandler) }

// What stays throttled is no fault of the registry's: who asks is told to come again, in words that each
// client knows.
func TestWhoMeetsABusyTableIsToldWhenToComeBack(t *testing.T) {
	for name, f := range tableFaults {
		if !strings.Contains(name, "throttled") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			var busy atomic.Bool
			c := onCloud(t, &injector{fault: throughout(&busy, f)}, nil, quietly)
			c.Box(t, c.owner, "acme", "debian", true)
			busy.Store(true)
			for _, ask := range []struct{ path, words string }{
				{"/api/organization/acme/box", `"error":"SERVICE_UNAVAILABLE"`},
				{"/api/v2/box/acme/debian", `{"errors":["the registry has too much to do; try again in a moment"],"success":false}`},
				{"/acme/debian", `"success":false`}, // which anyone may read, whoever cannot be identified
				{"/vagrant/2022-09-30/registry/acme/boxes", `"code":14`},
				{"/api/badge/acme/debian.svg", "too much to do"},
			} {
				a := c.Do(t, "GET", ask.path, c.owner, nil).Want(t, 503)
				if a.Header.Get("Retry-After") != "2" || !strings.Contains(string(a.Body), ask.words) {
					t.Errorf("%s is answered %v %s", ask.path, a.Header, a.Body)
				}
			}
			form := "grant_type=client_credentials&client_id=ci&client_secret=secret"
			a := c.Ask(t, "POST", "/oauth2/token", "", []byte(form), "Content-Type", "application/x-www-form-urlencoded").Want(t, 503)
			if !strings.Contains(string(a.Body), `"error":"temporarily_unavailable"`) {
				t.Errorf("a client of OAuth is answered %s", a.Body)
			}
			busy.Store(false)
			c.Do(t, "GET", "/acme/debian", "", nil).Want(t, 200)
		})
	}
}

// A bucket that stays busy leaves an upload as it was, to be completed later.
func TestAnUploadOutlivesABusyBucket(t *testing.T) {
	var busy atomic.Bool
	i := &injector{fault: throughout(&busy, fault{err: answered(503, &smithy.GenericAPIError{Code: "SlowDown"})})}
	c := onCloud(t, nil, i, quietly)
	c.Box(t, c.owner, "acme", "debian", true)
	content := coretest.BoxFile(t, "qemu", "a disk")
	at := faultyFile + "/multipart/" + c.sendParts(t, content).ID + "/complete"
	busy.Store(true)
	a := c.Do(t, "POST", at, c.owner, nil).WantError(t, 503, "SERVICE_UNAVAILABLE")
	if a.Header.Get("Retry-After") == "" {
		t.Error("it is not told when to come again")
	}
	busy.Store(false)
	c.Do(t, "POST", at, c.owner, nil).Want(t, 200)
	c.Do(t, "GET", faultyFile+"/info", c.owner, nil).Want(t, 200)
}

// What may have been done is not done again: its answer was lost, and the table too busy to say so.
func TestTheClientMakesNothingTwiceWhenTheTableWasBusyAfterIt(t *testing.T) {
	var once atomic.Bool
	i := &injector{fault: fault{done: true, then: answered(400, &smithy.GenericAPIError{Code: "ThrottlingException"})(nil), err: func(input any) error {
		if _, ok := input.(*dynamodb.TransactWriteItemsInput); ok && once.CompareAndSwap(true, false) {
			return lost(input)
		}
		return nil
	}}}
	c := onCloud(t, i, nil, quietly)
	by, err := client.New(c.URL, c.owner, client.WithPause(func(context.Context, time.Duration) error { return nil }))
	if err != nil {
		t.Fatal(err)
	}
	once.Store(true)
	made, err := by.CreateServiceAccount(t.Context(), api.ServiceAccountInput{Organization: "acme", Description: "CI"})
	if registry.KindOf(err) != registry.Internal || i.met.Load() != 3 {
		t.Errorf("made %s, %v; %d faults were met", made.Username, err, i.met.Load())
	}
	if list, err := by.ServiceAccounts(t.Context()); err != nil || len(list) != 1 {
		t.Errorf("there are %d: %v", len(list), err)
	}
}

// The client waits for as long as it is asked to and comes again, with what makes something too; after
// some times it says so.
func TestTheClientComesAgainWhenTheTableWasBusy(t *testing.T) {
	var busy atomic.Bool
	c := onCloud(t, &injector{fault: throughout(&busy, tableFaults["a table that is throttled"])}, nil, quietly)
	var waited []time.Duration
	over := false // after the second pause
	by, err := client.New(c.URL, c.owner, client.WithPause(func(_ context.Context, d time.Duration) error {
		waited = append(waited, d)
		busy.Store(!over || len(waited) < 2)
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	name := "debian"
	busy.Store(true)
	if _, err := by.CreateBox(t.Context(), "acme", api.BoxInput{Name: &name}); registry.KindOf(err) != registry.Busy || len(waited) != 4 {
		t.Errorf("after %v: %v", waited, err)
	}
	waited, over = nil, true
	if _, err := by.CreateBox(t.Context(), "acme", api.BoxInput{Name: &name}); err != nil || len(waited) != 2 || slices.Min(waited) < 2*time.Second {
		t.Errorf("after %v: %v", waited, err)
	}
}
