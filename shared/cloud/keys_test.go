package cloud

import (
	"context"
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"

	"github.com/boxvault/boxvault/shared/cloud/call"
	"github.com/boxvault/boxvault/shared/keyring"
	"github.com/boxvault/boxvault/shared/settings"
)

const parameter = "/boxvault/token-secret"

// open is the environment of a function whose SSM is at the store.
func open(t *testing.T, s *parameterStore) *Cloud {
	t.Helper()
	environment(t)
	t.Setenv("AWS_ENDPOINT_URL_SSM", s.url)
	c := opened(t, settings.Settings{Table: "boxvault", Bucket: "boxes", SecretParameter: parameter})
	c.keys.Read = tokenKeys(quick(t), parameter)
	return c
}

// quick is SSM as the environment says, with short pauses between attempts.
func quick(t *testing.T) ssm {
	t.Helper()
	cfg, err := Configuration(os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	parameters := newSSM(cfg, Endpoint("SSM"))
	parameters.Retryer = retry.NewStandard(func(o *retry.StandardOptions) { o.MaxBackoff = time.Millisecond })
	return parameters
}

var one = keyring.Ring{{ID: "one", Since: keyring.Ever, Secret: []byte("a secret of 32 bytes or more, no less")}}

func TestKeysAreRead(t *testing.T) {
	store := newParameterStore(t)
	for text, id := range map[string]string{one.Text(): "one", "chosen by the operator, 32 bytes or more": keyring.Unnamed} {
		store.values[parameter] = text
		c := open(t, store)
		store.requests["AmazonSSM.GetParameter"] = 0
		for range 3 {
			if ring, err := c.Keys(t.Context(), ""); err != nil || len(ring) != 1 || ring[0].ID != id {
				t.Errorf("the keys are %v, %v", ring.Public(), err)
			}
		}
		if n := store.requests["AmazonSSM.GetParameter"]; n != 1 {
			t.Errorf("they were read %d times", n)
		}
	}
	if n := store.requests["AmazonSSM.PutParameter"]; n != 0 {
		t.Errorf("a function wrote %d parameters", n)
	}
}

func TestErrorsAreNotKept(t *testing.T) {
	store := newParameterStore(t)
	c := open(t, store)
	store.before = func(string) *fault {
		return &fault{http.StatusBadRequest, "AccessDeniedException", "not authorized to perform: ssm:GetParameter"}
	}
	_, err := c.Keys(t.Context(), "")
	if err == nil || !strings.Contains(err.Error(), "ssm:GetParameter") || !strings.Contains(err.Error(), parameter) {
		t.Errorf("the error is %v", err)
	}
	store.before, store.values[parameter] = nil, one.Text()
	if _, err := c.Keys(t.Context(), ""); err != nil {
		t.Errorf("after the role was mended: %v", err)
	}
}

// TestThrottled: many functions that start at once are more than SSM answers at once.
func TestThrottled(t *testing.T) {
	store := newParameterStore(t)
	store.values[parameter] = one.Text()
	c := open(t, store)
	faults := []*fault{{http.StatusBadRequest, "ThrottlingException", "Rate exceeded"}, {http.StatusInternalServerError, "InternalServerError", ""}}
	store.before = func(string) *fault {
		if len(faults) == 0 {
			return nil
		}
		next := faults[0]
		faults = faults[1:]
		return next
	}
	if _, err := c.Keys(t.Context(), ""); err != nil {
		t.Error(err)
	}
	if len(faults) > 0 {
		t.Errorf("%d faults were not met", len(faults))
	}
}

func TestThrottledForGood(t *testing.T) {
	store := newParameterStore(t)
	c := open(t, store)
	attempts := 0
	store.before = func(string) *fault {
		attempts++
		return &fault{http.StatusBadRequest, "ThrottlingException", "Rate exceeded"}
	}
	if _, err := c.Keys(t.Context(), ""); call.Code(err) != "ThrottlingException" || attempts != 3 {
		t.Errorf("after %d attempts: %v", attempts, err)
	}
}

func TestKeysThatAreNoneAreNotShown(t *testing.T) {
	store := newParameterStore(t)
	for _, text := range []string{"changeme", `[{"id":"changeme"}]`, "[changeme", one.Text()[:80] + "changeme"} {
		store.values[parameter] = text
		ring, err := open(t, store).Keys(t.Context(), "")
		if err == nil || strings.Contains(err.Error(), "changeme") || !strings.Contains(err.Error(), parameter) {
			t.Errorf("%s is %v, %v", text, ring, err)
		}
	}
}

// The others go by what it read.
func TestKeysOfACancelledRequestAreRead(t *testing.T) {
	store := newParameterStore(t)
	store.values[parameter] = one.Text()
	c := open(t, store)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if ring, err := c.Keys(ctx, ""); err != nil || len(ring) != 1 {
		t.Errorf("the keys are %v, %v", ring.Public(), err)
	}
}

// silent is a way to SSM on which nothing ever comes back.
type silent struct{}

func (silent) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestNobodyWaitsForGoodForAnSSMThatHangs(t *testing.T) {
	environment(t)
	http.DefaultClient.Transport = silent{}
	t.Cleanup(func() { http.DefaultClient.Transport = nil })
	c := opened(t, settings.Settings{Table: "boxvault", Bucket: "boxes", SecretParameter: parameter, Edge: edgePath})
	v, err := newViewers(edgePath)
	if err != nil {
		t.Fatal(err)
	}
	for about, ask := range map[string]func(context.Context) error{
		"the keys of tokens": func(ctx context.Context) error { _, err := c.Keys(ctx, ""); return err },
		"the edge":           func(ctx context.Context) error { _, err := c.edge.current(ctx); return err },
		"the mark": func(ctx context.Context) error {
			if v.knows(ctx, "right") {
				t.Error("the mark is known")
			}
			return context.DeadlineExceeded // which is logged
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			if err := ask(t.Context()); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != patience {
				t.Errorf("%s: after %v: %v", about, time.Since(began), err)
			}
		})
	}
}

// A function goes on by what it knows while SSM is down, garbage or empty, and for an hour at the most.
func TestKeysOfBeforeGoOnWhileSSMIsDown(t *testing.T) {
	store := newParameterStore(t)
	store.values[parameter] = one.Text()
	c, now := open(t, store), time.Now()
	c.keys.Now = func() time.Time { return now }
	wrong := map[string]func(){
		"down": func() {
			store.before = func(string) *fault { return &fault{http.StatusInternalServerError, "InternalServerError", ""} }
		},
		"garbage": func() { store.values[parameter] = "changeme" },
		"gone":    func() { delete(store.values, parameter) },
	}
	for about, spoil := range wrong {
		store.before, store.values[parameter] = nil, one.Text()
		now = now.Add(keyring.Late)
		if _, err := c.Keys(t.Context(), ""); err != nil {
			t.Fatal(err)
		}
		spoil()
		now = now.Add(keyring.Fresh)
		if ring, err := c.Keys(t.Context(), ""); err != nil || len(ring) != 1 {
			t.Errorf("%s: a while later the keys are %v, %v", about, ring.Public(), err)
		}
		now = now.Add(keyring.Late - keyring.Fresh)
		if ring, err := c.Keys(t.Context(), ""); err == nil || !strings.Contains(err.Error(), parameter) || strings.Contains(err.Error(), "changeme") {
			t.Errorf("%s: an hour later the keys are %v, %v", about, ring.Public(), err)
		}
	}
}
