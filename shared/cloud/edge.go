package cloud

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/boxvault/boxvault/shared/blobstore/cloudfront"
	"github.com/boxvault/boxvault/shared/keyring"
	"github.com/boxvault/boxvault/shared/settings"
)

// edge is the distribution that the parameters below a path tell about.
type edge struct {
	parameters ssm
	path       string
	now        func() time.Time

	mu    sync.Mutex
	url   string
	ring  keyring.Ring
	known *cloudfront.Edge // with the key that signed last; nil when there is no distribution
	stale time.Time        // when the parameters are to be read again; zero before they were
}

// current returns the distribution, or nil while one of the parameters is not there: before the edge was
// deployed, and after it was deleted. The parameters are read again every few minutes, for keys that
// are to come; where that fails, what is known goes on.
//
// The role needs ssm:GetParameters on both parameters.
func (e *edge) current(ctx context.Context) (*cloudfront.Edge, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.now()
	if !now.Before(e.stale) {
		if err := e.read(ctx); err != nil && e.stale.IsZero() {
			return nil, fmt.Errorf("the keys of the edge %s: %w", e.path, err)
		}
		e.stale = now.Add(cloudfront.Fresh)
	}
	if e.url == "" || len(e.ring) == 0 {
		e.known = nil
		return nil, nil
	}
	if k, ok := e.ring.Current(now); ok && e.known != nil && e.known.KeyID == k.ID && e.known.URL == e.url {
		return e.known, nil
	}
	known, err := cloudfront.At(e.url, e.ring, now)
	e.known = known
	return known, err
}

func (e *edge) read(ctx context.Context) error {
	ctx, cancel := patiently(ctx)
	defer cancel()
	values, err := e.parameters.getAll(ctx, e.path+settings.EdgeURL, e.path+settings.EdgeKeys)
	if err != nil {
		return err
	}
	url, text := values[e.path+settings.EdgeURL], values[e.path+settings.EdgeKeys]
	var ring keyring.Ring
	if text != "" {
		if ring, err = keyring.Parse(text); err != nil {
			return err
		}
	}
	e.url, e.ring = url, ring
	return nil
}
