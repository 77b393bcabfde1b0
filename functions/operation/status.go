package operation

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// ReadStatus asks everything that the registry depends on for something small, all at once. What
// is wrong in particular is told to platform admins, and logged.
func (s *Service) ReadStatus(ctx context.Context, caller registry.Caller, _ route.Nothing) (api.Status, error) {
	now := s.Now()
	told := api.Status{
		Status: api.StatusOK, Timestamp: now.UTC(), Version: s.Version, Build: core.Build(),
		StartedAt: s.Started.UTC(), Uptime: int64(now.Sub(s.Started).Seconds()),
		Dependencies: s.dependencies(ctx),
	}
	for name, d := range told.Dependencies {
		if d.Status == api.StatusOK {
			continue
		}
		told.Status = api.StatusError
		if !caller.Admin {
			d.Error = ""
			told.Dependencies[name] = d
		}
	}
	return told, nil
}

// check asks a dependency for something small.
type check struct {
	name string
	ask  func(context.Context) error
}

func (s *Service) checks() []check {
	return []check{{"records", s.checkRecords}, {"files", s.checkFiles}}
}

func (s *Service) dependencies(ctx context.Context) map[string]api.Dependency {
	var all sync.WaitGroup
	checks := s.checks()
	answers := make([]api.Dependency, len(checks))
	for i, c := range checks {
		all.Go(func() { answers[i] = s.try(ctx, c) })
	}
	all.Wait()
	list := make(map[string]api.Dependency, len(checks))
	for i, c := range checks {
		list[c.name] = answers[i]
	}
	return list
}

// try waits no longer than s.Patience, even for a store that does not give up by itself, as a disk
// that hangs.
func (s *Service) try(ctx context.Context, c check) api.Dependency {
	ctx, cancel := context.WithTimeout(ctx, s.Patience)
	defer cancel()
	began, asked := s.Now(), make(chan error, 1)
	go func() { asked <- c.ask(ctx) }()
	var err error
	select {
	case err = <-asked:
	case <-ctx.Done():
		err = ctx.Err()
	}
	answer := api.Dependency{Status: api.StatusOK, Latency: milliseconds(s.Now().Sub(began))}
	if err != nil {
		answer.Status, answer.Error = api.StatusError, err.Error()
		s.Log.LogAttrs(ctx, slog.LevelError, "a dependency is broken",
			slog.String("dependency", c.name), slog.String("error", err.Error()))
	}
	return answer
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func (s *Service) checkRecords(ctx context.Context) error {
	_, err := s.Catalog.HasAccounts(ctx)
	return err
}

// checkFiles opens a file that is not there, which a bucket or a folder must be able to say. Only a
// folder's being gone would look just so: that its device knows.
func (s *Service) checkFiles(ctx context.Context) error {
	file, err := s.Blobs.Open(ctx, "status", 0)
	if err == nil {
		err = file.Close()
	}
	if err != nil && !errors.Is(err, blobstore.ErrNotFound) {
		return err
	}
	if s.Disk == nil {
		return nil
	}
	_, err = s.Disk()
	return err
}
