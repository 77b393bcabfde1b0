// Package coretest runs every function over local stores for a test, on a free port, and hands the
// test the parts that a running registry keeps to itself: the catalog, the uploads, the janitor.
// The janitor works when it is told to, and a fault that the registry logs fails the test.
package coretest

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/shared/auth"
	blobs "github.com/boxvault/boxvault/shared/blobstore/local"
	certificates "github.com/boxvault/boxvault/shared/certificate/local"
	"github.com/boxvault/boxvault/shared/grant"
	items "github.com/boxvault/boxvault/shared/itemstore/local"
	"github.com/boxvault/boxvault/shared/janitor"
	"github.com/boxvault/boxvault/shared/keyring"
	"github.com/boxvault/boxvault/shared/keyring/keyringtest"
	"github.com/boxvault/boxvault/shared/registry"
)

// Registry is a registry that runs until the end of its test.
type Registry struct {
	*embeddedtest.Registry
	Core    core.Core
	Janitor *janitor.Janitor
}

// Start starts a registry. Its options, the stores among them, can be changed before.
func Start(t testing.TB, change ...func(*core.Options)) *Registry {
	t.Helper()
	return start(t, t.TempDir(), change)
}

// Copy starts another registry with the records and files of this one, which nobody changes
// meanwhile. Tokens of the one are good at the other; its clock shows the time of day.
func (r *Registry) Copy(t testing.TB, change ...func(*core.Options)) *Registry {
	t.Helper()
	data := t.TempDir()
	if err := os.CopyFS(data, os.DirFS(r.Data)); err != nil {
		t.Fatal(err)
	}
	return start(t, data, change)
}

func start(t testing.TB, data string, change []func(*core.Options)) *Registry {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	client := &embeddedtest.Registry{
		URL: "http://" + server.Listener.Addr().String(), Clock: &embeddedtest.Clock{}, Data: data,
	}
	o, links := options(t, client)
	for _, c := range change {
		c(&o)
	}
	c := core.New(o)
	server.Config.Handler = withLinks(links, functions.Handler(c))
	server.Start()
	t.Cleanup(server.Close)
	return &Registry{Registry: client, Core: c, Janitor: c.Janitor()}
}

func options(t testing.TB, r *embeddedtest.Registry) (o core.Options, links http.Handler) {
	t.Helper()
	records, err := items.Open(filepath.Join(r.Data, "records.db"), items.Options{Now: r.Clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, records.Close()) })
	keys := keyringtest.Fixed(keyringtest.Ring("a secret of a test, 32 bytes long"))
	files, err := blobs.Open(filepath.Join(r.Data, "files"), blobs.Options{BaseURL: r.URL, Keys: keys, Now: r.Clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, files.Close()) })
	tokens := auth.Tokens{Now: r.Clock.Now, Keys: func(ctx context.Context, id string) (keyring.Ring, error) {
		if err := grant.Check(ctx, grant.Sign); err != nil {
			return nil, err
		}
		return keys(ctx, id)
	}}
	certificate, err := certificates.Open(filepath.Join(r.Data, "certificate.pem"))
	if err != nil {
		t.Fatal(err)
	}
	return core.Options{
		Items: records, Blobs: files, Certificates: certificate, Tokens: tokens, Signup: auth.SignupOpen, Version: "test",
		Mail: core.Mail{On: true}, MirrorsAllowed: true, MirrorsPrivate: true, Now: r.Clock.Now, Log: slog.New(faults{slog.DiscardHandler, t}),
	}, files.Handler()
}

func closed(t testing.TB, err error) {
	if err != nil {
		t.Error(err)
	}
}

func withLinks(links, api http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, blobs.Prefix) {
			links.ServeHTTP(w, r)
			return
		}
		api.ServeHTTP(w, r)
	})
}

// faults is a log that fails the test when the registry writes an error into it.
type faults struct {
	slog.Handler
	t testing.TB
}

// Enabled reports whether it is an error.
func (f faults) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelError }

// Handle fails the test.
func (f faults) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		f.t.Errorf("the registry logged a fault: %s", a)
		return true
	})
	return nil
}

// Person makes an account that has no password, which takes less time than SignUp, and returns the
// token of a session.
func (r *Registry) Person(t testing.TB, username string) string {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	a, err := r.Core.Catalog.CreateAccount(ctx, registry.Account{
		ID: registry.NewID(), Username: username, Email: username + "@example.com", CreatedAt: r.Core.Now(),
	})
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := r.Core.Tokens.ForAccount(ctx, a, true)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// Member makes an account that is a member of an organization, and returns its token.
func (r *Registry) Member(t testing.TB, owner, organization, username, role string) string {
	t.Helper()
	token := r.Person(t, username)
	r.Do(t, "POST", "/api/organization/"+organization+"/members", owner,
		map[string]any{"username": username, "role": role}).Want(t, http.StatusCreated)
	return token
}

// Account reads an account.
func (r *Registry) Account(t testing.TB, username string) registry.Account {
	t.Helper()
	a, err := r.Core.Catalog.AccountByName(t.Context(), username)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Sweep has the janitor do what is due, and returns how much that was.
func (r *Registry) Sweep(t testing.TB) int {
	t.Helper()
	done, err := r.Janitor.Sweep(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// Acme starts a registry with the organization acme, and returns the token of its owner, ada, who
// is no platform admin.
func Acme(t testing.TB, change ...func(*core.Options)) (r *Registry, owner string) {
	t.Helper()
	r = Start(t, change...)
	r.Person(t, "root") // the first one is platform admin
	owner = r.Person(t, "ada")
	r.Organization(t, owner, "acme")
	return r, owner
}
