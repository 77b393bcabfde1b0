// Package embedded is the whole registry in one process: every row of the route table over a
// records file and a folder of box files, with the janitor beside it. It is what `boxvault serve`
// and `make run` start.
package embedded

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/auth/tokenkeys"
	blobs "github.com/boxvault/boxvault/shared/blobstore/local"
	certificates "github.com/boxvault/boxvault/shared/certificate/local"
	"github.com/boxvault/boxvault/shared/grant"
	items "github.com/boxvault/boxvault/shared/itemstore/local"
	"github.com/boxvault/boxvault/shared/janitor"
	"github.com/boxvault/boxvault/shared/keyring"
	"github.com/boxvault/boxvault/shared/metrics/process"
)

// What is in the data folder: the records, and the folder of box files.
const (
	recordsName = "records.db"
	filesFolder = "files"
)

// mirrorPatience is how long a client waits for a file of a mirror. Nothing cuts it off here, and who
// cannot reach the upstream has nowhere else to go.
const mirrorPatience = 5 * time.Minute

// Registry is a registry that is listening.
type Registry struct {
	options  Options
	url      string
	listener net.Listener
	// certificate is what was uploaded; nil where the certificate is given by options.
	certificate *certificates.Store
	items       *items.Store
	blobs       *blobs.Store
	janitor     *janitor.Janitor
	server      *http.Server
	// work has a signal when a write has left work for the janitor.
	work chan struct{}
}

// Open opens the data folder and begins to listen; Serve then answers. Close it at the end.
func Open(o Options) (*Registry, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := checkRestored(o.Data); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(o.Data, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	listener, err := listen(o)
	if err != nil {
		return nil, err
	}
	r := &Registry{options: o, listener: listener, url: o.URL, work: make(chan struct{}, 1)}
	if r.url == "" {
		r.url = o.scheme() + "://" + listener.Addr().String()
	}
	if err := r.open(); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

func (r *Registry) open() (err error) {
	o := r.options
	place := secretFile(filepath.Join(o.Data, secretName))
	if err := (tokenkeys.Keeper{Place: place, Now: o.Now}).Make(context.Background()); err != nil {
		return err
	}
	if r.items, err = items.Open(filepath.Join(o.Data, recordsName), items.Options{Now: o.Now}); err != nil {
		return err
	}
	r.blobs, err = blobs.Open(filepath.Join(o.Data, filesFolder), blobs.Options{
		BaseURL: r.url, Keys: place.keys("links", o.Now), Now: o.Now,
	})
	if err != nil {
		return err
	}
	if err := r.openCertificate(); err != nil {
		return err
	}
	counts := process.New(o.Version, core.Build().Commit)
	keys := tokens(place.keys("tokens", o.Now), o.Now)
	post, err := r.mail(keys)
	if err != nil {
		return err
	}
	c := core.New(core.Options{
		Items: r.items, Blobs: r.blobs, Tokens: keys, Signup: o.Signup, Mail: post, MailFrom: o.MailFrom,
		URL: o.URL, Version: o.Version, Origins: o.Origins, Limits: o.Limits, Proxies: o.Proxies,
		WebhooksPrivate: o.WebhooksPrivate, MirrorsAllowed: o.Mirrors || o.MirrorsPrivate, MirrorsPrivate: o.MirrorsPrivate,
		MirrorPatience: mirrorPatience, Log: o.Log, Now: o.Now,
		Certificates: r.installer(), Observe: counts.Observe, Metrics: o.Metrics, ProcessMetrics: counts.Write, Disk: r.disk,
	})
	r.janitor, c.Catalog.Wake = c.Janitor(), r.wake
	r.server = &http.Server{
		Handler:           r.handler(functions.Handler(c), c.Shell().Around(linkRoute, r.blobs.Handler())),
		ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		ErrorLog: slog.NewLogLogger(o.Log.Handler(), slog.LevelWarn),
	}
	return nil
}

// tokens signs with the keys, for routes that asked for it.
func tokens(keys keyring.Source, now func() time.Time) auth.Tokens {
	return auth.Tokens{Now: now, Keys: func(ctx context.Context, id string) (keyring.Ring, error) {
		if err := grant.Check(ctx, grant.Sign); err != nil {
			return nil, err
		}
		return keys(ctx, id)
	}}
}

// handler answers signed links before the mux sees them: their prefix would be an organization.
func (r *Registry) handler(api, files http.Handler) http.Handler {
	api = direct(r.url, api, files)
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.TLS != nil {
			req = req.WithContext(blobs.OverTLS(req.Context()))
		}
		if strings.HasPrefix(req.URL.Path, blobs.Prefix) {
			files.ServeHTTP(w, req)
			return
		}
		api.ServeHTTP(w, req)
	})
}

// URL is how clients reach the registry.
func (r *Registry) URL() string { return r.url }

// Close lets go of the address and the data folder.
func (r *Registry) Close() error {
	var errs []error
	for _, c := range []io.Closer{r.listener, closer(r.blobs), closer(r.items)} {
		if err := c.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// closer is a store that may not have been opened.
func closer[S interface {
	comparable
	io.Closer
}](store S) io.Closer {
	var none S
	if store == none {
		return io.NopCloser(nil)
	}
	return store
}
