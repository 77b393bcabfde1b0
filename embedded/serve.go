package embedded

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// janitorEvery is how often the janitor looks for work that nobody has told it of: whose time has come,
// or that was left by a process before.
const janitorEvery = 15 * time.Second

// stopTime is how long requests that are under way may take to end when the registry stops. An
// upload that does not make it can be resumed.
const stopTime = 20 * time.Second

// Serve answers until the context ends, and then lets requests that are under way come to their
// end.
func (r *Registry) Serve(ctx context.Context) error {
	background, stop := context.WithCancel(ctx)
	var behind sync.WaitGroup
	behind.Go(func() { r.janitor.Run(background, r.work, janitorEvery, r.complain) })
	behind.Go(func() { r.expire(background) })
	listeners := r.listeners()
	failed := make(chan error, len(listeners))
	for _, l := range listeners {
		go func() { failed <- r.server.Serve(l) }()
	}
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
		err = r.shutdown()
	}
	stop()
	behind.Wait()
	return err
}

// wake tells the janitor that there is work.
func (r *Registry) wake() {
	select {
	case r.work <- struct{}{}:
	default: // it has been told
	}
}

// expire takes records away whose time is over, until the context ends.
func (r *Registry) expire(ctx context.Context) {
	tick := time.NewTicker(janitorEvery)
	defer tick.Stop()
	for {
		if _, err := r.items.Sweep(ctx, r.options.Now()); err != nil && ctx.Err() == nil {
			r.complain(err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// complain logs what went wrong behind the requests; it stays on the janitor's list.
func (r *Registry) complain(err error) {
	r.options.Log.Error("janitor", slog.String("error", err.Error()))
}

func (r *Registry) shutdown() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	if err := r.server.Shutdown(ctx); err != nil {
		return r.server.Close()
	}
	return nil
}
