// Package embedded is the whole registry in one process: every row of the route table over a
// records file and a folder of box files, with the janitor beside it. It is what `boxvault serve`
// and `make run` start.
package embedded

import (
	"context"
	"crypto/tls"
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
	blobs "github.com/boxvault/boxvault/shared/blobstore/local"
	"github.com/boxvault/boxvault/shared/grant"
	items "github.com/boxvault/boxvault/shared/itemstore/local"
	"github.com/boxvault/boxvault/shared/janitor"
)

// Options say how to run a registry. The zero value listens on 127.0.0.1:3000 and keeps ./data.
type Options struct {
	// Addr is the address to listen on; port 0 takes a free one.
	Addr string
	// Data is the folder that everything is kept in. It is made when it is not there.
	Data string
	// URL is how clients reach the registry. Needed when Addr is not an address they can use, such
	// as 0.0.0.0 or one behind a proxy.
	URL string
	// Signup is who may make an account. Empty: open on loopback, by invitation elsewhere.
	Signup auth.Signup
	// TLSCert and TLSKey are PEM files; without them the registry speaks plain HTTP.
	TLSCert, TLSKey string
	// Command is how the boxvault command is called, for what Run says to do next.
	Command string
	// Version is what /health tells.
	Version string
	// Log gets a line for each request; nil logs nothing.
	Log *slog.Logger
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// Registry is a registry that is listening.
type Registry struct {
	options  Options
	url      string
	listener net.Listener
	items    *items.Store
	blobs    *blobs.Store
	janitor  *janitor.Janitor
	server   *http.Server
}

// Open opens the data folder and begins to listen; Serve then answers. Close it at the end.
func Open(o Options) (*Registry, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(o.Data, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	listener, err := listen(o)
	if err != nil {
		return nil, err
	}
	r := &Registry{options: o, listener: listener, url: o.URL}
	if r.url == "" {
		r.url = scheme(o) + "://" + listener.Addr().String()
	}
	if err := r.open(); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

func (o Options) withDefaults() (Options, error) {
	if o.Addr == "" {
		o.Addr = "127.0.0.1:3000"
	}
	if o.Data == "" {
		o.Data = "data"
	}
	if o.Command == "" {
		o.Command = "boxvault"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.URL = strings.TrimSuffix(o.URL, "/")
	loopback, wildcard, err := inspectAddr(o.Addr)
	if err != nil {
		return o, err
	}
	if wildcard && o.URL == "" {
		return o, fmt.Errorf("%s is not an address that clients can use: say how they reach the registry with --url", o.Addr)
	}
	if o.Signup == "" {
		o.Signup = auth.SignupInvite
		if loopback {
			o.Signup = auth.SignupOpen
		}
	}
	return o, nil
}

func inspectAddr(addr string) (loopback, wildcard bool, err error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false, false, fmt.Errorf("%s is no address to listen on: write it as 127.0.0.1:3000", addr)
	}
	ip := net.ParseIP(host)
	loopback = host == "localhost" || ip != nil && ip.IsLoopback()
	return loopback, host == "" || ip != nil && ip.IsUnspecified(), nil
}

func scheme(o Options) string {
	if o.TLSCert != "" {
		return "https"
	}
	return "http"
}

func listen(o Options) (net.Listener, error) {
	if (o.TLSCert == "") != (o.TLSKey == "") {
		return nil, errors.New("TLS needs both a certificate and its key: --tls-cert and --tls-key")
	}
	var config *tls.Config
	if o.TLSCert != "" {
		pair, err := tls.LoadX509KeyPair(o.TLSCert, o.TLSKey)
		if err != nil {
			return nil, fmt.Errorf("read the certificate: %w", err)
		}
		config = &tls.Config{Certificates: []tls.Certificate{pair}, NextProtos: []string{"h2", "http/1.1"}}
	}
	l, err := net.Listen("tcp", o.Addr)
	if err != nil {
		return nil, fmt.Errorf("%w: choose another address with --addr", err)
	}
	if config != nil {
		l = tls.NewListener(l, config)
	}
	return l, nil
}

func (r *Registry) open() (err error) {
	o := r.options
	secret, err := readSecret(filepath.Join(o.Data, "secret"))
	if err != nil {
		return err
	}
	if r.items, err = items.Open(filepath.Join(o.Data, "records.db"), items.Options{Now: o.Now}); err != nil {
		return err
	}
	r.blobs, err = blobs.Open(filepath.Join(o.Data, "files"), blobs.Options{
		BaseURL: r.url, Secret: derive(secret, "links"), Now: o.Now,
	})
	if err != nil {
		return err
	}
	c := core.New(core.Options{
		Items: r.items, Blobs: r.blobs, Tokens: tokens(secret, o.Now), Signup: o.Signup,
		URL: o.URL, Version: o.Version, Log: o.Log, Now: o.Now,
	})
	r.janitor = &janitor.Janitor{Catalog: c.Catalog, Blobs: c.Blobs, Uploads: c.Uploads}
	r.server = &http.Server{
		Handler:           r.handler(functions.Handler(c)),
		ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		ErrorLog: slog.NewLogLogger(o.Log.Handler(), slog.LevelWarn),
	}
	return nil
}

// tokens signs with the secret, for routes that asked for it.
func tokens(secret []byte, now func() time.Time) auth.Tokens {
	key := derive(secret, "tokens")
	return auth.Tokens{Now: now, Secret: func(ctx context.Context) ([]byte, error) {
		return key, grant.Check(ctx, grant.Sign)
	}}
}

// handler answers signed links before the mux sees them: their prefix would be an organization.
func (r *Registry) handler(api http.Handler) http.Handler {
	files := r.blobs.Handler()
	api = direct(api, files, r.url)
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if strings.HasPrefix(req.URL.Path, blobs.Prefix) {
			files.ServeHTTP(w, req)
			return
		}
		api.ServeHTTP(w, req)
	})
}

// URL is how clients reach the registry.
func (r *Registry) URL() string { return r.url }

// janitorEvery is how often the janitor looks for work.
const janitorEvery = 15 * time.Second

// stopTime is how long requests that are under way may take to end when the registry stops. An
// upload that does not make it can be resumed.
const stopTime = 20 * time.Second

// Serve answers until the context ends, and then lets requests that are under way come to their
// end.
func (r *Registry) Serve(ctx context.Context) error {
	background, stop := context.WithCancel(ctx)
	swept := make(chan struct{})
	go func() {
		defer close(swept)
		r.sweep(background)
	}()
	failed := make(chan error, 1)
	go func() { failed <- r.server.Serve(r.listener) }()
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
		err = r.shutdown()
	}
	stop()
	<-swept
	return err
}

// sweep clears up now and then until the context ends. What fails stays on the janitor's list.
func (r *Registry) sweep(ctx context.Context) {
	tick := time.NewTicker(janitorEvery)
	defer tick.Stop()
	for {
		_, err := r.janitor.Sweep(ctx)
		_, expired := r.items.Sweep(ctx, r.options.Now())
		if err := errors.Join(err, expired); err != nil && ctx.Err() == nil {
			r.options.Log.Error("janitor", slog.String("error", err.Error()))
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func (r *Registry) shutdown() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	if err := r.server.Shutdown(ctx); err != nil {
		return r.server.Close()
	}
	return nil
}

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
