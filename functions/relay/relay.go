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

	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/deployment"
)

// Handler serves the relay's rows, and tells its load balancer that it lives.
func Handler(c core.Core, r deployment.Relay) http.Handler {
	c.Admit = newRoom().admit
	rows := c.Handler(r.Groups, r.Rows...)
	return throughCloudFront(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == deployment.RelayHealth { // looks at no store: a slow one is no reason to end uploads
			w.WriteHeader(http.StatusNoContent)
			return
		}
		rows.ServeHTTP(w, r)
	}))
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
