package cloud

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"

	"github.com/boxvault/boxvault/shared/cloud/call"
	"github.com/boxvault/boxvault/shared/settings"
)

const parameter = "/boxvault/token-secret"

// open is the environment of a function whose SSM is at the store.
func open(t *testing.T, s *parameterStore) *Cloud {
	t.Helper()
	environment(t)
	t.Setenv("AWS_ENDPOINT_URL_SSM", s.url)
	c, err := Open(settings.Settings{Table: "boxvault", Bucket: "boxes", SecretParameter: parameter})
	if err != nil {
		t.Fatal(err)
	}
	c.secret.parameters.Retryer = retry.NewStandard(func(o *retry.StandardOptions) { o.MaxBackoff = time.Millisecond })
	return c
}

func TestSecretIsRead(t *testing.T) {
	store := newParameterStore(t)
	store.values[parameter] = "chosen by the operator, 32 bytes or more"
	c := open(t, store)
	for range 3 {
		if got, err := c.Secret(t.Context()); err != nil || string(got) != "chosen by the operator, 32 bytes or more" {
			t.Errorf("the secret is %q, %v", got, err)
		}
	}
	if n := store.requests["AmazonSSM.GetParameter"]; n != 1 {
		t.Errorf("it was read %d times", n)
	}
}

func TestSecretIsMade(t *testing.T) {
	store := newParameterStore(t)
	first, err := open(t, store).Secret(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if random, err := base64.StdEncoding.DecodeString(string(first)); err != nil || len(random) != 32 {
		t.Errorf("the secret has %d bytes, %v", len(random), err)
	}
	if second, err := open(t, store).Secret(t.Context()); err != nil || string(second) != string(first) {
		t.Errorf("the next process has another secret, %v", err)
	}
	other, err := open(t, newParameterStore(t)).Secret(t.Context())
	if err != nil || string(other) == string(first) {
		t.Errorf("two registries have the same secret, %v", err)
	}
}

// TestFirstCallersAgree: both processes are told that there is no secret before either makes one.
func TestFirstCallersAgree(t *testing.T) {
	store := newParameterStore(t)
	var both sync.WaitGroup
	both.Add(2)
	var reads atomic.Int32
	store.before = func(operation string) *fault {
		if operation != "AmazonSSM.GetParameter" || reads.Add(1) > 2 {
			return nil
		}
		both.Done()
		both.Wait()
		return &fault{http.StatusBadRequest, parameterNotFound, ""}
	}
	processes := []*Cloud{open(t, store), open(t, store)}
	secrets := make([]string, len(processes))
	var all sync.WaitGroup
	for i, c := range processes {
		all.Go(func() {
			secret, err := c.Secret(t.Context())
			if err != nil {
				t.Error(err)
			}
			secrets[i] = string(secret)
		})
	}
	all.Wait()
	if secrets[0] != secrets[1] || secrets[0] != store.values[parameter] {
		t.Errorf("two first callers have the secrets %q", secrets)
	}
	if n := store.requests["AmazonSSM.PutParameter"]; n != 2 {
		t.Errorf("%d of the two made one: no race was run", n)
	}
}

func TestSecretAtTheSameTime(t *testing.T) {
	store := newParameterStore(t)
	c := open(t, store)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := c.Secret(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := store.requests["AmazonSSM.PutParameter"]; n != 1 {
		t.Errorf("one process made %d secrets", n)
	}
}

func TestErrorsAreNotKept(t *testing.T) {
	store := newParameterStore(t)
	c := open(t, store)
	store.before = func(string) *fault {
		return &fault{http.StatusBadRequest, "AccessDeniedException", "not authorized to perform: ssm:GetParameter"}
	}
	_, err := c.Secret(t.Context())
	if err == nil || !strings.Contains(err.Error(), "ssm:GetParameter") || !strings.Contains(err.Error(), parameter) {
		t.Errorf("the error is %v", err)
	}
	store.before = nil
	if _, err := c.Secret(t.Context()); err != nil {
		t.Errorf("after the role was mended: %v", err)
	}
}

// TestThrottled: many functions that start at once are more than SSM answers at once.
func TestThrottled(t *testing.T) {
	store := newParameterStore(t)
	store.values[parameter] = strings.Repeat("x", 32)
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
	if _, err := c.Secret(t.Context()); err != nil {
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
	if _, err := c.Secret(t.Context()); call.Code(err) != "ThrottlingException" || attempts != 3 {
		t.Errorf("after %d attempts: %v", attempts, err)
	}
}

func TestSecretTooShort(t *testing.T) {
	store := newParameterStore(t)
	store.values[parameter] = "changeme"
	_, err := open(t, store).Secret(t.Context())
	if err == nil || strings.Contains(err.Error(), "changeme") {
		t.Errorf("the error is %v", err)
	}
}

func TestSecretOfACancelledRequest(t *testing.T) {
	store := newParameterStore(t)
	c := open(t, store)
	ctx, cancel := context.WithCancel(t.Context())
	store.before = func(string) *fault {
		cancel()
		return &fault{http.StatusBadRequest, "ThrottlingException", "Rate exceeded"}
	}
	if _, err := c.Secret(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
}
