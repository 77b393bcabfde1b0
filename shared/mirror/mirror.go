// Package mirror fetches boxes for organizations that mirror an upstream catalogue (registry.Mirror):
// metadata when Vagrant asks for it, files when the first client asks for one. What was fetched is kept,
// and served when the upstream is gone.
//
// A file is fetched by the janitor, whoever asked for it: clients only write down that they want it, once
// for all of them, and wait. So a fetch outlives its client and its process.
package mirror

import (
	"log/slog"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/upload"
)

// Mirrors fetches for all mirrors of a registry. New makes it.
type Mirrors struct {
	Options
	upstream  upstream
	refreshes singleflight.Group
	rests     rests
}

// Options are what a Mirrors works with. All but AllowPrivate and Patience must be set.
type Options struct {
	Catalog *catalog.Catalog
	Uploads *upload.Uploads
	Now     func() time.Time
	// Log gets a line for whatever an upstream did wrong, and for each file that was fetched; nil logs
	// nothing.
	Log *slog.Logger
	// AllowPrivate allows upstreams at loopback and private addresses; link-local ones never are.
	AllowPrivate bool
	// Patience is how long a request waits for a file.
	Patience time.Duration
}

// New makes a Mirrors.
func New(o Options) *Mirrors {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Mirrors{Options: o, upstream: newUpstream(o.AllowPrivate)}
}
