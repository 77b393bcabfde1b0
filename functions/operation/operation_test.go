package operation_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/itemstore"
)

func TestHealth(t *testing.T) {
	r := coretest.Start(t)
	for _, path := range []string{"/health", "/api/health"} {
		a := r.Ask(t, "GET", path, "", nil).Want(t, 200)
		if h := embeddedtest.JSON[api.Health](t, a); h.Status != "ok" || h.Version != "test" || h.Timestamp.IsZero() {
			t.Errorf("%s: %s", path, a.Body)
		}
		r.Ask(t, "HEAD", path, "", nil).Want(t, 200)
	}
}

// broken is a store that is gone.
type broken struct{ itemstore.Store }

func (broken) Get(context.Context, ...itemstore.Key) ([]itemstore.Item, error) {
	return nil, errors.New("no connection to secret-host:8000")
}

func TestARegistryThatDoesNotReadItsRecordsIsNotHealthy(t *testing.T) {
	r := coretest.Start(t, func(o *core.Options) { o.Items, o.Log = broken{o.Items}, slog.New(slog.DiscardHandler) })
	if a := r.Ask(t, "GET", "/health", "", nil).WantError(t, 500, "INTERNAL_ERROR"); strings.Contains(string(a.Body), "secret-host") {
		t.Errorf("internals are told: %s", a.Body)
	}
}
