package catalog_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/itemstore/dynamo"
	"github.com/boxvault/boxvault/shared/itemstore/dynamo/dynamotest"
	"github.com/boxvault/boxvault/shared/itemstore/local"
	"github.com/boxvault/boxvault/shared/registry"
)

// env is a catalog over a store, and the time that both go by.
type env struct {
	*testing.T
	*catalog.Catalog
	now time.Time
}

// onEachStore runs a test over a file and, where there is a server, over DynamoDB.
func onEachStore(t *testing.T, test func(e *env)) {
	t.Helper()
	t.Run("local", func(t *testing.T) { test(onFile(t)) })
	t.Run("dynamo", func(t *testing.T) {
		client := dynamotest.Client(t)
		store := dynamo.Open(client, dynamotest.NewTable(t, client))
		e := newEnv(t, store)
		store.Now = e.clock
		test(e)
	})
}

// onFile is a catalog over a file.
func onFile(t *testing.T) *env {
	t.Helper()
	e := newEnv(t, nil)
	store, err := local.Open(filepath.Join(t.TempDir(), "records.db"), local.Options{Now: e.clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	e.Store = store
	return e
}

func newEnv(t *testing.T, store itemstore.Store) *env {
	e := &env{T: t, now: time.Now()}
	e.Catalog = &catalog.Catalog{Store: store, Now: e.clock}
	return e
}

func (e *env) clock() time.Time { return e.now }

func (e *env) must(err error) {
	e.Helper()
	if err != nil {
		e.Fatal(err)
	}
}

func (e *env) wantKind(err error, want registry.Kind) {
	e.Helper()
	if err == nil || registry.KindOf(err) != want {
		e.Errorf("%v is not of kind %s", err, registry.Kinds[want].Code)
	}
}

// account makes an account.
func (e *env) account(username string) registry.Account {
	e.Helper()
	_, err := e.CreateAccount(e.Context(), registry.Account{ID: registry.NewID(), Username: username, Email: username + "@example.com"})
	e.must(err)
	a, err := e.AccountByName(e.Context(), username)
	e.must(err)
	return a
}

// organization makes an organization.
func (e *env) organization(name string, owner registry.Account) registry.Organization {
	e.Helper()
	_, err := e.CreateOrganization(e.Context(), registry.Organization{ID: registry.NewID(), Name: name}, owner)
	e.must(err)
	o, err := e.Organization(e.Context(), name)
	e.must(err)
	return o
}

// box makes a box in acme, which is made as well where it is not there.
func (e *env) box(name string) registry.Box {
	e.Helper()
	o, err := e.Organization(e.Context(), "acme")
	if err != nil {
		o = e.organization("acme", e.account("ada"))
	}
	_, err = e.CreateBox(e.Context(), o, registry.Box{ID: registry.NewID(), Organization: o.Name, OrganizationID: o.ID, Name: name})
	e.must(err)
	return e.stored(name)
}

// stored reads a box of acme.
func (e *env) stored(name string) registry.Box {
	e.Helper()
	a, err := e.BoxAccess(e.Context(), 0, "acme", name, catalog.Wanted{})
	e.must(err)
	return a.Box
}

// tree reads a box with its versions.
func (e *env) tree(organization, name string) (catalog.Tree, error) {
	e.Helper()
	o, err := e.Organization(e.Context(), organization)
	if err != nil {
		return catalog.Tree{}, err
	}
	return e.Tree(e.Context(), o, name)
}

// version makes a version of a box with one file.
func (e *env) version(b registry.Box, n registry.Number, blob string) {
	e.Helper()
	v := registry.Version{ID: registry.NewID(), Box: b.ID, Number: n, Status: registry.Unreleased}
	_, err := v.Place("virtualbox", "amd64", registry.File{ID: registry.NewID(), Blob: blob}, e.now)
	e.must(err)
	e.must(e.CreateVersion(e.Context(), b, v))
}

// versions are the numbers of a box's versions.
func (e *env) versions(organization, name string) (numbers []registry.Number) {
	e.Helper()
	tree, err := e.tree(organization, name)
	e.must(err)
	list, err := tree.Versions()
	e.must(err)
	for _, v := range list {
		numbers = append(numbers, v.Number)
	}
	return numbers
}
