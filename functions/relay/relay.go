// Package relay is the service that takes uploads of any size through the registry on AWS, where functions
// are given 6 MB: the same rows, behind a load balancer instead of API Gateway. deployment.RelayOf says which rows
// they are, infra makes the service, and cmd/relay is its program.
package relay

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/deployment"
	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// retry is when a client that found no room may come again: by then the service has grown, or an upload ended.
const retry = time.Minute

// Handler serves the relay's rows, and tells its load balancer that it lives.
func Handler(c core.Core, r deployment.Relay) http.Handler {
	rows := limited(c.Handler(r.Groups, r.Rows...), func(e *registry.Error) http.Handler { return c.Shell().Around("Full", route.Tell(e)) })
	return throughCloudFront(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == deployment.RelayHealth { // looks at no store: a slow one is no reason to end uploads
			w.WriteHeader(http.StatusNoContent)
			return
		}
		rows.ServeHTTP(w, r)
	}))
}

// smallest is the length of the smallest parts, in bytes.
var smallest = blobstore.PartSize(1)

var (
	full = registry.Errorf(registry.Busy,
		"as many uploads through the registry are under way as there is room for: send it again later, or use `boxvault push`, which goes past it").After(retry)
	huge = registry.Errorf(registry.TooLarge, "such a file goes past the registry: use `boxvault push`, or a presigned upload").
		With("maxSize", deployment.RelayUploads*smallest*blobstore.MaxParts)
)

// limited lets through as many requests with a body as there is memory for at a time, which are the uploads.
func limited(next http.Handler, tell func(*registry.Error) http.Handler) http.Handler {
	room := semaphore.NewWeighted(deployment.RelayUploads)
	full, huge := tell(full), tell(huge)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch takes := takes(r); {
		case takes > deployment.RelayUploads:
			huge.ServeHTTP(w, r)
		case !room.TryAcquire(takes):
			full.ServeHTTP(w, r)
		default:
			defer room.Release(takes)
			next.ServeHTTP(w, r)
		}
	})
}

// takes is how many of the smallest parts a request may have in memory: a part of a file whose length is not
// known beforehand is kept until it is whole, which is so of a form as well.
func takes(r *http.Request) int64 {
	if r.Body == nil || r.Body == http.NoBody {
		return 0
	}
	return (blobstore.PartSize(max(r.ContentLength, 0)) + smallest - 1) / smallest
}

// Serve answers until the context ends, and then lets uploads that are under way come to their end for as long
// as ECS does. Whoever does not make it sends the file again.
func Serve(ctx context.Context, l net.Listener, h http.Handler, log *slog.Logger) error {
	server := &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second,
		// The load balancer must be the first to give up a connection: it may be sending the next request on it.
		IdleTimeout: deployment.RelayIdle + time.Minute,
		ErrorLog:    slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.Background(), deployment.RelayStop-10*time.Second)
	defer cancel()
	if err := server.Shutdown(last); err != nil {
		return server.Close()
	}
	return nil
}
