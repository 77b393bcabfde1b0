package operation

import (
	"bytes"
	"context"

	"github.com/boxvault/boxvault/shared/metrics"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// ReadMetrics tells the totals of the registry, and what this process has counted where that is all
// there is.
func (s *Service) ReadMetrics(ctx context.Context, caller registry.Caller, _ route.Nothing) (route.Document, error) {
	if err := s.mayScrape(ctx, caller); err != nil {
		return route.Document{}, err
	}
	totals, err := s.Catalog.Totals(ctx)
	if err != nil {
		return route.Document{}, err
	}
	out := bytes.NewBuffer(metrics.Text(totals))
	if s.ProcessMetrics != nil {
		err = s.ProcessMetrics(out)
	}
	return route.Document{ContentType: metrics.ContentType, Body: out.Bytes()}, err
}

// mayScrape lets a service account in that a platform admin owns: Prometheus needs a token that
// lasts.
func (s *Service) mayScrape(ctx context.Context, caller registry.Caller) error {
	switch {
	case s.Metrics == metrics.Open:
		return nil
	case !caller.Known():
		return registry.NotSignedIn()
	case caller.ServiceAccount == 0:
		return platformAdmin(caller)
	}
	owner, err := s.Catalog.Account(ctx, caller.Account)
	if err != nil || owner.Admin {
		return err
	}
	return registry.Denied(adminRole, "service account")
}

// adminRole is how the API calls platform admins.
const adminRole = "admin"

func platformAdmin(caller registry.Caller) error {
	if caller.Admin {
		return nil
	}
	return registry.Denied(adminRole, "user")
}
