package catalog

import (
	"context"
	"time"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// Session is what a session's token is held against, read in one Get.
type Session struct {
	Account registry.Account
	// Service is set when the session is a service account's.
	Service *registry.ServiceAccount
	// Ended tells that this one session was signed out.
	Ended bool
}

// Session reads the account of a session, the service account when service is not 0, and whether
// the session of that id was ended. NotFound when either account is gone.
func (c *Catalog) Session(ctx context.Context, account, service registry.ID, id string) (s Session, err error) {
	keys := []itemstore.Key{accountKey(account), endedKey(id)}
	if service != 0 {
		keys = append(keys, serviceKey(service))
	}
	items, err := c.Store.Get(ctx, keys...)
	if err != nil {
		return s, err
	}
	s.Ended = items[1].Exists()
	if s.Account, err = present[registry.Account](items[0], "account"); err != nil || service == 0 {
		return s, err
	}
	found, err := present[registry.ServiceAccount](items[2], "service account")
	s.Service = &found
	return s, err
}

// EndSession signs out one session, whose token would be good until the time given.
func (c *Catalog) EndSession(ctx context.Context, id string, until time.Time) error {
	// A second more: a store counts expiry in whole seconds.
	end := itemstore.Item{Key: endedKey(id), Doc: []byte("{}"), Expires: until.Add(time.Second)}
	return c.write(ctx, unheard, changed("the session"), itemstore.Put(end, itemstore.Condition{}))
}
