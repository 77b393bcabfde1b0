package importer_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/client/source"
	"github.com/boxvault/boxvault/cmd/boxvault/internal/importer"
	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// move is an import from a source to a real registry, where ada has the organization acme.
type move struct {
	t    testing.TB
	to   *client.Client
	from source.Source
	opts []client.Option

	mu    sync.Mutex
	waits []time.Duration
	ended []string // files
}

func (m *move) Begin(registry.Target) client.Progress { return nothing{} }

func (m *move) Ended(_ registry.Target, i importer.Item) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ended = append(m.ended, i.Name())
}

type nothing struct{}

func (nothing) Enter(client.Stage, int64, int64) {}
func (nothing) Moved(int64)                      {}

// moving makes an import of what is at a URL. No pause takes any time.
func moving(t testing.TB, r *embeddedtest.Registry, from string) *move {
	t.Helper()
	token := r.SignUp(t, "ada")
	r.Organization(t, token, "acme")
	m := &move{t: t}
	m.opts = []client.Option{
		client.WithPause(func(ctx context.Context, _ time.Duration) error { return ctx.Err() }),
		client.WithWaits(func(d time.Duration, _ error) {
			m.mu.Lock()
			defer m.mu.Unlock()
			m.waits = append(m.waits, d)
		}),
	}
	var err error
	if m.to, err = client.New(r.URL, token, m.opts...); err != nil {
		t.Fatal(err)
	}
	m.from, _, err = source.Open(t.Context(), source.Options{
		From: from, Type: source.VagrantCloud, Getenv: func(string) string { return "" }, Client: m.opts,
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// run imports all of acme.
func (m *move) run(ctx context.Context) ([]importer.Item, error) {
	m.t.Helper()
	i := &importer.Importer{From: m.from, To: m.to, Parallel: 4, Display: m}
	plan, err := i.Plan(ctx, []importer.Move{{Organization: "acme", ToOrganization: "acme"}})
	if err != nil {
		return nil, err
	}
	err = i.Run(ctx, plan)
	return plan.Items(), err
}

// all imports all of acme, and wants nothing to fail.
func (m *move) all() importer.Summary {
	m.t.Helper()
	items, err := m.run(m.t.Context())
	s := importer.Summarize(items)
	if err != nil || s.Failed > 0 {
		m.t.Fatalf("%v: %+v", err, items)
	}
	return s
}

// box is what the registry has.
func (m *move) box(name string) api.Box {
	m.t.Helper()
	b, err := m.to.Box(m.t.Context(), "acme", name)
	if err != nil {
		m.t.Fatal(err)
	}
	return b
}

// wantStates checks the versions of a box: number and state, the newest first.
func (m *move) wantStates(name string, want ...string) {
	m.t.Helper()
	var got []string
	for _, v := range m.box(name).Versions {
		got = append(got, v.VersionNumber+" "+v.Status)
	}
	if !slices.Equal(got, want) {
		m.t.Errorf("acme/%s has %q, want %q", name, got, want)
	}
}

// wantFailure checks that an item failed, with words in its reason.
func wantFailure(t *testing.T, items []importer.Item, name, words string) {
	t.Helper()
	for _, i := range items {
		if i.Name() == name && i.State == importer.Failed && strings.Contains(i.Error, words) {
			return
		}
	}
	t.Errorf("%s did not fail with %q: %+v", name, words, items)
}
