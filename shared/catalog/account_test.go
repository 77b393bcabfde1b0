package catalog_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// together is a store that writes nothing before everybody has read.
type together struct {
	itemstore.Store
	read *sync.WaitGroup
}

func (s together) Write(ctx context.Context, ops ...itemstore.Op) error {
	s.read.Wait()
	return s.Store.Write(ctx, ops...)
}

// All of them see that nobody has signed up; one of them is the first.
func TestOfAccountsAtOnceJustOneIsTheFirst(t *testing.T) {
	for _, n := range []int{2, 12} {
		onEachStore(t, func(e *env) {
			var read, done sync.WaitGroup
			read.Add(n)
			var mu sync.Mutex
			admins := 0
			store := e.Store
			for i := range n {
				c := &catalog.Catalog{Now: e.clock, Store: &firstRead{Store: together{store, &read}, done: sync.OnceFunc(read.Done)}}
				done.Go(func() {
					name := fmt.Sprint("p", i)
					a, err := c.CreateAccount(e.Context(), registry.Account{ID: registry.NewID(), Username: name, Email: name + "@example.com"})
					if err != nil {
						e.Error(err)
					}
					mu.Lock()
					defer mu.Unlock()
					if a.Admin {
						admins++
					}
				})
			}
			done.Wait()
			stored := 0
			for i := range n {
				if a, err := e.AccountByName(e.Context(), fmt.Sprint("p", i)); err == nil && a.Admin {
					stored++
				}
			}
			if admins != 1 || stored != 1 {
				e.Errorf("of %d at once, %d were told that they are platform admin and %d are", n, admins, stored)
			}
		})
	}
}

// firstRead calls done once something was read.
type firstRead struct {
	itemstore.Store
	done func()
}

func (s *firstRead) Get(ctx context.Context, keys ...itemstore.Key) ([]itemstore.Item, error) {
	defer s.done()
	return s.Store.Get(ctx, keys...)
}

func TestNamesAndAddressesAreTakenOnce(t *testing.T) {
	onEachStore(t, func(e *env) {
		e.account("root")
		ada := e.account("Ada")
		for _, c := range [][2]string{{"aDA", "other@example.com"}, {"other", "ADA@Example.com"}} {
			_, err := e.CreateAccount(e.Context(), registry.Account{ID: registry.NewID(), Username: c[0], Email: c[1]})
			e.wantKind(err, registry.Conflict)
		}
		acme := e.organization("acme", ada)
		service := registry.ServiceAccount{ID: registry.NewID(), Username: "ADA", TokenHash: "hash", OrganizationID: acme.ID, Home: acme.Home, Owner: ada.ID}
		e.wantKind(e.CreateServiceAccount(e.Context(), acme, service), registry.Conflict) // people and programs sign in by one name
		service.Username = "ada-1"
		stale := acme
		stale.Rev++
		e.wantKind(e.CreateServiceAccount(e.Context(), stale, service), registry.Conflict)
		e.must(e.CreateServiceAccount(e.Context(), acme, service))
		_, err := e.CreateAccount(e.Context(), registry.Account{ID: registry.NewID(), Username: "ada-1", Email: "x@example.com"})
		e.wantKind(err, registry.Conflict)
	})
}
