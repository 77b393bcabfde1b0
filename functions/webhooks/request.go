package webhooks

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// Each operation is there twice, for the platform's webhooks and for an organization's: one handler,
// and a request type for each of the two, which differ in who is let in.

// place is whose webhooks a request is about.
type place interface {
	// admit returns the webhooks to who may manage them, with the delivery that is wanted.
	admit(context.Context, *Service, registry.Caller, catalog.WantedDelivery) (catalog.Webhooks, error)
}

// OnPlatform is a request about the platform's webhooks.
type OnPlatform struct{}

func (OnPlatform) admit(ctx context.Context, s *Service, caller registry.Caller, want catalog.WantedDelivery) (catalog.Webhooks, error) {
	if !caller.Admin {
		return catalog.Webhooks{}, registry.Denied("admin", "user")
	}
	return s.Catalog.PlatformWebhooks(ctx, want)
}

// InOrganization is a request about an organization's webhooks.
type InOrganization struct {
	Organization string `path:"organization" json:"-"`
}

func (r InOrganization) admit(ctx context.Context, s *Service, caller registry.Caller, want catalog.WantedDelivery) (catalog.Webhooks, error) {
	return s.Gate.Webhooks(ctx, caller, r.Organization, want, registry.RoleAdmin)
}

// Input is what a webhook is to be like.
type Input struct {
	api.WebhookInput
}

func (i Input) input() api.WebhookInput { return i.WebhookInput }

// ByID names a webhook.
type ByID struct {
	ID int64 `path:"id" json:"-"`
}

func (w ByID) webhook() registry.ID { return registry.ID(w.ID) }

// Page asks for a part of a list.
type Page struct {
	// Limit is the most deliveries to answer with, 1 to 100; 0 is 100.
	Limit int    `query:"limit" json:"-"`
	After string `query:"after" json:"-"`
}

func (p Page) page() Page { return p }

// ByDelivery names a delivery to a webhook.
type ByDelivery struct {
	ByID
	Delivery string `path:"delivery" json:"-"`
}

func (d ByDelivery) delivery() string { return d.Delivery }

// The requests about the platform's webhooks.
type (
	PlatformInput struct {
		OnPlatform
		Input
	}
	PlatformWebhook struct {
		OnPlatform
		ByID
	}
	PlatformUpdate struct {
		OnPlatform
		ByID
		Input
	}
	PlatformDeliveries struct {
		OnPlatform
		ByID
		Page
	}
	PlatformDelivery struct {
		OnPlatform
		ByDelivery
	}
)

// The same about an organization's.
type (
	OrganizationInput struct {
		InOrganization
		Input
	}
	OrganizationWebhook struct {
		InOrganization
		ByID
	}
	OrganizationUpdate struct {
		InOrganization
		ByID
		Input
	}
	OrganizationDeliveries struct {
		InOrganization
		ByID
		Page
	}
	OrganizationDelivery struct {
		InOrganization
		ByDelivery
	}
)

// What the handlers want of a request.
type (
	named interface {
		place
		webhook() registry.ID
	}
	described interface {
		place
		input() api.WebhookInput
	}
	namedDelivery interface {
		named
		delivery() string
	}
)
