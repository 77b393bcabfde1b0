package admin

import (
	"context"

	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/limit"
	"github.com/boxvault/boxvault/shared/metrics"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// started tells what a registry was started with.
func started(o core.Options) api.ConfigStarted {
	access := metrics.Token
	if o.Metrics != "" {
		access = o.Metrics
	}
	q := o.Limits.Effective()
	return api.ConfigStarted{
		Version: o.Version, URL: o.URL, Signup: string(o.Signup), Metrics: string(access),
		Origins: append([]string{}, o.Origins...),
		Limits:  api.ConfigLimits{Address: quota(q.Address), Account: quota(q.Account), Sensitive: quota(q.Sensitive)},
		Mail:    api.ConfigMail{Configured: o.Mail.On, From: o.MailFrom},
	}
}

func quota(n int) *int {
	if n == limit.Off {
		return nil
	}
	return &n
}

// ReadConfig tells platform admins the settings of the registry.
func (s *Service) ReadConfig(ctx context.Context, caller registry.Caller, _ route.Nothing) (api.Config, error) {
	setup, err := s.setup(ctx, caller)
	return s.config(setup), err
}

// setup reads the settings for a platform admin.
func (s *Service) setup(ctx context.Context, caller registry.Caller) (catalog.Setup, error) {
	if !caller.Admin {
		return catalog.Setup{}, registry.Denied("admin", "user")
	}
	return s.Catalog.Setup(ctx)
}

func (s *Service) config(setup catalog.Setup) api.Config {
	c := api.Config{
		Signup:              string(auth.Signup(s.Started.Signup).In(setup.Config)),
		RequireVerification: setup.Config.RequireVerification,
		Started:             s.Started, Revised: api.At(setup.Config),
	}
	if at := setup.Config.UpdatedAt; !at.IsZero() {
		c.UpdatedAt = &at
	}
	if setup.Certificate.Uploaded() {
		told := api.FromCertificate(setup.Certificate)
		c.Certificate = &told
	}
	return c
}

// ChangeConfigRequest changes settings.
type ChangeConfigRequest struct {
	api.ConfigInput
}

// ChangeConfig changes settings, from the next request on. A change to what is so already is none.
func (s *Service) ChangeConfig(ctx context.Context, caller registry.Caller, req ChangeConfigRequest) (api.Config, error) {
	if err := check(req.ConfigInput); err != nil {
		return api.Config{}, err
	}
	setup, err := s.setup(ctx, caller)
	if err != nil {
		return api.Config{}, err
	}
	if err := route.IfMatch(ctx, setup.Config); err != nil {
		return api.Config{}, err
	}
	if changed := apply(&setup.Config, req.ConfigInput); len(changed) > 0 {
		setup.Config, err = s.Catalog.SaveConfig(ctx, setup.Config, changed)
	}
	return s.config(setup), err
}

func check(in api.ConfigInput) error {
	var wrong registry.Fields
	if in.Signup != nil {
		_, err := auth.ParseSignup(*in.Signup)
		wrong.Check("signup", err)
	}
	return wrong.Err()
}

// apply changes settings and returns the names of those that are other ones now.
func apply(c *registry.Config, in api.ConfigInput) (changed []string) {
	if in.Signup != nil && *in.Signup != c.Signup {
		c.Signup, changed = *in.Signup, append(changed, "signup")
	}
	if want := in.RequireVerification; want != nil && (c.RequireVerification == nil || *want != *c.RequireVerification) {
		c.RequireVerification, changed = want, append(changed, "requireVerification")
	}
	return changed
}
