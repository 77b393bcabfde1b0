package embedded

import (
	"log/slog"
	"net"
	"strings"
	"time"

	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/limit"
	"github.com/boxvault/boxvault/shared/metrics"
	"github.com/boxvault/boxvault/shared/route"
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
	// Metrics is who may read /metrics. Empty: anyone on loopback, who has a token elsewhere.
	Metrics metrics.Access
	// WebhooksPrivate lets webhooks lead to this machine and to private networks, which everyone who
	// may make a webhook can then send to.
	WebhooksPrivate bool
	// Mirrors lets organizations be mirrors of an upstream; MirrorsPrivate also of one on this machine or
	// in private networks, which everyone who manages an organization can then read from.
	Mirrors, MirrorsPrivate bool
	// SMTP is the mail server that sends letters, as a URL (smtp.ParseURL); empty: none are sent.
	// MailFrom is who they are from: an address, or a name with one.
	SMTP, MailFrom string
	// VerifyEmail is whether people prove their e-mail address before they sign in. Empty: where letters
	// are sent, but not on loopback without a URL.
	VerifyEmail Switch
	// PrivateMail lets platform admins try mail servers at private addresses. On loopback
	// without a URL they may.
	PrivateMail bool
	// TLSCert and TLSKey are PEM files. With them the registry speaks TLS alone, and takes no other
	// certificate. Without them it speaks plain HTTP and, once a certificate was uploaded, TLS as well.
	TLSCert, TLSKey string
	// Origins are the origins whose pages may use the API from a browser, beside the registry's own.
	Origins route.Origins
	// Proxies are those in front of the registry, whose X-Forwarded-For is believed.
	Proxies route.Proxies
	// Limits are how many requests a minute are let through; the zero value is limit.Defaults.
	Limits limit.Quotas
	// Command is how the boxvault command is called, for what Run says to do next.
	Command string
	// Version is what /health tells.
	Version string
	// Log gets a line for each request; nil logs nothing.
	Log *slog.Logger
	// Now is the clock; nil is time.Now.
	Now func() time.Time
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
	if err := o.check(); err != nil {
		return o, err
	}
	loopback, _ := inspectAddr(o.Addr)
	if o.Signup == "" {
		o.Signup = auth.SignupInvite
		if loopback {
			o.Signup = auth.SignupOpen
		}
	}
	if o.Metrics == "" && loopback {
		o.Metrics = metrics.Open
	}
	alone := loopback && o.URL == "" // nobody comes from elsewhere, by a proxy
	o.PrivateMail = o.PrivateMail || alone
	if o.VerifyEmail == "" && !alone {
		o.VerifyEmail = On
	}
	return o, nil
}

func (o Options) scheme() string {
	if o.TLSCert != "" {
		return "https"
	}
	return "http"
}

// inspectAddr looks at an address that checkAddr has passed.
func inspectAddr(addr string) (loopback, wildcard bool) {
	host, _, _ := net.SplitHostPort(addr)
	ip := net.ParseIP(host)
	loopback = host == "localhost" || ip != nil && ip.IsLoopback()
	return loopback, host == "" || ip != nil && ip.IsUnspecified()
}
