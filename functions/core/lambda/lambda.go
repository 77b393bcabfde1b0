// Package lambda runs a group of functions on AWS: the mains in functions/<group>/lambda are one
// call of it.
package lambda

import (
	"log/slog"
	"os"
	"time"

	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/cloud"
	"github.com/boxvault/boxvault/shared/limit"
	"github.com/boxvault/boxvault/shared/metrics"
	"github.com/boxvault/boxvault/shared/settings"
)

// Run answers the group's rows, or the one that BOXVAULT_ROUTE names, until Lambda ends the
// process. With adds what only this group's binary is to link. A function that cannot start says why
// in its log.
func Run(g core.Group, with ...Addition) {
	c, s := Open(with...)
	var only []string
	if s.Route != "" {
		only = []string{s.Route}
	}
	h := c.Handler([]core.Group{g}, only...)
	if s.Edge != "" {
		var err error
		if h, err = cloud.Viewers(h, s.Edge); err != nil {
			Fail(slog.Default(), err)
		}
	}
	cloud.Start(h)
}

// Addition adds what only one group's binary is to link.
type Addition func(*core.Options, settings.Settings) error

// Open makes what services are made of, as the environment says.
func Open(with ...Addition) (core.Core, settings.Settings) {
	s, err := settings.Read(os.Getenv)
	log := slog.New(metrics.EMF(slog.NewJSONHandler(os.Stderr, nil), s.Table))
	slog.SetDefault(log) // for what the gateway says
	var c core.Core
	if err == nil {
		c, err = open(s, log, with)
	}
	if err != nil {
		Fail(log, err)
	}
	return c, s
}

// Fail ends a function that cannot start.
func Fail(log *slog.Logger, err error) {
	log.Error("start", slog.String("error", err.Error()))
	os.Exit(1)
}

func open(s settings.Settings, log *slog.Logger, with []Addition) (c core.Core, err error) {
	aws, err := cloud.Open(s)
	if err != nil {
		return c, err
	}
	o, err := Options(s, aws, log)
	if err != nil {
		return c, err
	}
	for _, add := range with {
		if err := add(&o, s); err != nil {
			return c, err
		}
	}
	return core.New(o), nil
}

// Options are those of whatever answers requests on AWS; its error is about settings that cannot be read.
func Options(s settings.Settings, aws *cloud.Cloud, log *slog.Logger) (o core.Options, err error) {
	signup := auth.SignupInvite
	if s.Signup != "" {
		if signup, err = auth.ParseSignup(s.Signup); err != nil {
			return o, err
		}
	}
	limits, err := limit.ParseQuotas(s.Limits)
	if err != nil {
		return o, err
	}
	return core.Options{
		Items: aws.Items, Blobs: aws.Blobs, Tokens: auth.Tokens{Keys: aws.Keys, Now: time.Now},
		Signup: signup, Mail: core.Mail{On: s.SendsMail(), Verify: s.VerifyEmail != "off"}, MailFrom: s.MailFrom, Limits: limits,
		URL: s.URL, SmallBodies: true, Version: core.Version, WebhooksPrivate: s.WebhooksAllowPrivate == "true",
		MirrorsAllowed: s.Mirrors == "true", MirrorsPrivate: s.MirrorsAllowPrivate == "true", Log: log, Now: time.Now,
	}, nil
}
