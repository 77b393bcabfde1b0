package operation_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded"
	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/functions/operation"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

func TestTheStatusOfARegistryThatIsWell(t *testing.T) {
	r := coretest.Start(t)
	r.Clock.Advance(90 * time.Second)
	s := embeddedtest.JSON[api.Status](t, r.Ask(t, "GET", "/api/status", "", nil).Want(t, 200))
	if s.Status != "ok" || s.Version != "test" || s.Build.Go == "" || s.Uptime < 90 || !s.StartedAt.Before(s.Timestamp) {
		t.Errorf("told %+v", s)
	}
	for _, name := range []string{"records", "files"} {
		if d := s.Dependencies[name]; d.Status != "ok" || d.Latency < 0 || d.Error != "" {
			t.Errorf("%s is told as %+v", name, d)
		}
	}
}

// status asks for the status of a registry that is broken, and holds the names of what is.
func status(t *testing.T, a embeddedtest.Answer, broken ...string) (s api.Status) {
	t.Helper()
	s = embeddedtest.JSON[api.Status](t, a.Want(t, 503))
	got := strings.Builder{}
	for _, name := range []string{"files", "records"} {
		if s.Dependencies[name].Status == "error" {
			got.WriteString(name + " ")
		}
	}
	if want := strings.Join(broken, " "); s.Status != "error" || strings.TrimSpace(got.String()) != want {
		t.Errorf("told %+v, want %s to be broken", s, want)
	}
	return s
}

// The file of records is closed under the registry, and nobody's token can be looked at any more.
func TestTheStatusWithoutRecords(t *testing.T) {
	var log bytes.Buffer
	var records io.Closer
	r := coretest.Start(t, func(o *core.Options) {
		records, o.Log = o.Items.(io.Closer), slog.New(slog.NewJSONHandler(&log, nil))
	})
	admin := r.Person(t, "root")
	if err := records.Close(); err != nil {
		t.Fatal(err)
	}
	for _, token := range []string{"", admin} {
		a := r.Ask(t, "GET", "/api/status", token, nil)
		if status(t, a, "records"); strings.Contains(string(a.Body), "database") {
			t.Errorf("a stranger is told %s", a.Body)
		}
	}
	if !strings.Contains(log.String(), "database not open") {
		t.Errorf("what is broken is not logged: %s", log.String())
	}
}

// The folder of box files is removed under the registry.
func TestTheStatusWithoutFiles(t *testing.T) {
	r := embeddedtest.Start(t, func(o *embedded.Options) { o.Log = slog.New(slog.DiscardHandler) })
	admin := r.SignUp(t, "root")
	user := r.SignUp(t, "ada")
	if err := os.RemoveAll(filepath.Join(r.Data, "files", "objects")); err != nil {
		t.Fatal(err)
	}
	for token, told := range map[string]bool{"": false, user: false, admin: true} {
		a := r.Do(t, "GET", "/api/status", token, nil)
		s := status(t, a, "files")
		if (s.Dependencies["files"].Error != "") != told || strings.Contains(string(a.Body), r.Data) {
			t.Errorf("told %s", a.Body)
		}
	}
	r.Do(t, "GET", "/health", "", nil).Want(t, 200) // the process is up, and to start it anew is no help
}

// hanging is a store that never answers, and does not listen to the context either.
type hanging struct {
	itemstore.Store
	end chan struct{}
}

func (h hanging) Get(context.Context, ...itemstore.Key) ([]itemstore.Item, error) {
	<-h.end
	return nil, io.EOF
}

func TestAStoreThatHangsIsBroken(t *testing.T) {
	r := coretest.Start(t)
	store := hanging{r.Core.Items, make(chan struct{})}
	defer close(store.end)
	s := operation.Service{
		Catalog: &catalog.Catalog{Store: store, Now: r.Clock.Now}, Blobs: r.Core.Blobs,
		Now: r.Clock.Now, Log: slog.New(slog.DiscardHandler), Patience: time.Millisecond,
	}
	told, err := s.ReadStatus(t.Context(), registry.Caller{Admin: true}, route.Nothing{})
	if d := told.Dependencies["records"]; err != nil || told.HTTPStatus() != 503 || !strings.Contains(d.Error, "deadline") {
		t.Errorf("told %+v, %v", told, err)
	}
}

func TestSetupIsCompleteWithTheFirstAccount(t *testing.T) {
	r := coretest.Start(t)
	for _, want := range []bool{false, true} {
		a := r.Ask(t, "GET", "/api/setup/status", "", nil).Want(t, 200)
		var told map[string]any
		if err := json.Unmarshal(a.Body, &told); err != nil {
			t.Fatal(err)
		}
		if told["setupComplete"] != want || told["signup"] != "open" {
			t.Errorf("told %s", a.Body)
		}
		if !want {
			r.Person(t, "ada")
		}
	}
}
