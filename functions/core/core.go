// Package core is what all groups of functions are made of: the parts that their services share, and
// how a group becomes an http.Handler.
package core

import (
	"cmp"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/certificate"
	"github.com/boxvault/boxvault/shared/grant"
	"github.com/boxvault/boxvault/shared/idempotency"
	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/limit"
	"github.com/boxvault/boxvault/shared/metrics"
	"github.com/boxvault/boxvault/shared/mirror"
	"github.com/boxvault/boxvault/shared/publish"
	"github.com/boxvault/boxvault/shared/route"
	"github.com/boxvault/boxvault/shared/upload"
)

// Group is a folder of functions: its rows are answered by one binary, functions/<Name>/lambda.
type Group struct {
	Name string
	Rows []route.Row
	// New makes the group's Service.
	New func(Core) any
}

// Options are where the registry's records and bytes are, and how it behaves.
type Options struct {
	Items  itemstore.Store
	Blobs  blobstore.Store
	Tokens auth.Tokens
	Signup auth.Signup
	// Passwords hashes those of this process; nil is a new one.
	Passwords *auth.Passwords
	Mail      Mail
	// URL is how clients reach the registry, without a slash at the end; empty: as each request did.
	URL     string
	Version string
	// Origins are those whose pages may use the API, beside the registry's own.
	Origins route.Origins
	// Limits are how many requests a minute are let through; the zero value is limit.Defaults.
	Limits limit.Quotas
	// Proxies are those in front of the registry.
	Proxies route.Proxies
	// SmallBodies tells that no request as large as a box file reaches the registry.
	SmallBodies bool
	// Admit is asked before a handler streams a body, see route.Shell; nil lets all in.
	Admit func(*http.Request) (release func(), err error)
	// WebhooksPrivate lets webhooks lead to loopback and private addresses.
	WebhooksPrivate bool
	// MirrorsAllowed lets organizations be mirrors of an upstream, MirrorsPrivate of one at a loopback or
	// private address. MirrorPatience is how long a request waits for a file of one; 0 is Patience.
	MirrorsAllowed, MirrorsPrivate bool
	MirrorPatience                 time.Duration
	Log                            *slog.Logger
	Now                            func() time.Time
	// Patience is how long a request waits for a verification; 0 is 20 seconds, which leaves some
	// of API Gateway's 30 to the rest.
	Patience time.Duration
	// Observe is told of every request; nil tells nobody.
	Observe func(route.Exchange)
	// Metrics is who may read /metrics. ProcessMetrics writes those of this process, in Prometheus's
	// text format, beside the totals of the registry; nil where a process sees but a part of it all.
	Metrics        metrics.Access
	ProcessMetrics func(io.Writer) error
	// Certificates takes the certificate that clients over TLS are shown; nil where it is given when
	// the registry is started.
	Certificates certificate.Installer
	// MailFrom is who letters are from; empty where none are sent.
	MailFrom string
	// Disk tells about the device that box files are on, and fails when it is gone; nil where there
	// is none.
	Disk func() (api.Volume, error)
}

// Core is what the services are made of.
type Core struct {
	Options
	Catalog *catalog.Catalog
	Gate    auth.Gate
	Uploads *upload.Uploads
	Publish publish.Publisher
	// Mirrors fetches from upstreams; nil where that is not allowed.
	Mirrors *mirror.Mirrors
}

// New makes the parts that all services share. The stores, and the place of certificates, are held
// against what each row needs.
func New(o Options) Core {
	if o.Patience == 0 {
		o.Patience = 20 * time.Second
	}
	if o.Passwords == nil {
		o.Passwords = auth.NewPasswords(auth.MaxWaiting)
	}
	o.Items, o.Blobs, o.Certificates = itemstore.Guard(o.Items), blobstore.Guard(o.Blobs), certificate.Guard(o.Certificates)
	c := &catalog.Catalog{Store: o.Items, Now: o.Now}
	gate := auth.Gate{Catalog: c}
	made := Core{
		Options: o, Catalog: c, Gate: gate, Publish: publish.Publisher{Catalog: c, Gate: gate, Now: o.Now},
		Uploads: &upload.Uploads{Catalog: c, Blobs: o.Blobs, Now: o.Now, Patience: o.Patience},
	}
	if o.MirrorsAllowed {
		made.Mirrors = mirror.New(mirror.Options{
			Catalog: c, Uploads: made.Uploads, Now: o.Now, Log: o.Log,
			AllowPrivate: o.MirrorsPrivate, Patience: cmp.Or(o.MirrorPatience, o.Patience),
		})
	}
	return made
}

// Shell is what goes around every handler.
func (c Core) Shell() route.Shell {
	return route.Shell{
		Identify: auth.Identifier{Catalog: c.Catalog, Tokens: c.Tokens}.Identify,
		Limits:   &limit.Limiter{Quotas: c.Limits}, Proxies: c.Proxies,
		Once:  idempotency.Keeper{Catalog: c.Catalog, Keys: c.Tokens.Keys, Now: c.Now, Log: c.Log}.Once,
		Admit: c.Admit, Log: c.Log, Observe: c.Observe, Now: c.Now,
	}
}

// Handler serves the groups' rows or, when `only` names some, those of them. A request for another
// one is answered by the row NotFound, where that is among them, else in the same words.
func (c Core) Handler(groups []Group, only ...string) http.Handler {
	mux, refuse, shell, served := http.NewServeMux(), route.Refuse(), c.Shell(), []route.Row(nil)
	for _, g := range groups {
		service := g.New(c)
		for _, row := range g.Rows {
			if len(only) > 0 && !slices.Contains(only, row.Name) {
				continue
			}
			served = append(served, row)
			h := shell.Handler(row, service)
			for _, pattern := range row.Patterns() {
				mux.Handle(pattern, h)
			}
			if row.Pattern == "/" {
				refuse = h
			}
		}
	}
	if len(only) > 0 && !slices.ContainsFunc(served, func(r route.Row) bool { return r.Pattern == "/" }) {
		mux.Handle("/", refuse)
	}
	return route.Secure(route.CORS(c.Origins, route.Clean(route.Aliased(mux, served), refuse)))
}

// What most rows need: Reads tells who calls and reads records, Writes changes them too.
const (
	Reads  = grant.ReadItems | grant.Sign
	Writes = Reads | grant.WriteItems
)

// Version is the registry's version; a release build sets it with -ldflags -X.
var Version = "dev"
