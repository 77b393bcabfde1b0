package itemstore

import (
	"context"

	"github.com/boxvault/boxvault/shared/grant"
)

// Guard refuses what the row of the running route did not ask for, as IAM does on AWS.
func Guard(s Store) Store { return guarded{s} }

type guarded struct{ Store }

func (g guarded) Get(ctx context.Context, keys ...Key) ([]Item, error) {
	if err := grant.Check(ctx, grant.ReadItems); err != nil {
		return nil, err
	}
	return g.Store.Get(ctx, keys...)
}

func (g guarded) Query(ctx context.Context, q Query) (Page, error) {
	if err := grant.Check(ctx, grant.ReadItems); err != nil {
		return Page{}, err
	}
	return g.Store.Query(ctx, q)
}

func (g guarded) Write(ctx context.Context, ops ...Op) error {
	if err := grant.Check(ctx, grant.WriteItems); err != nil {
		return err
	}
	return g.Store.Write(ctx, ops...)
}
