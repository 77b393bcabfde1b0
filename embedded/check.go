package embedded

import (
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/boxvault/boxvault/shared/mail/smtp"
	"github.com/boxvault/boxvault/shared/registry"
)

// check holds the options against what may be, before anything is opened or made. The error is
// registry.Invalid and names every flag of `boxvault serve` that is wrong.
func (o Options) check() error {
	var wrong registry.Fields
	wrong.Check("--addr", checkAddr(o.Addr))
	wrong.Check("--url", checkURL(o.URL))
	if _, wildcard := inspectAddr(o.Addr); wrong == nil && wildcard && o.URL == "" {
		wrong.Add("--addr", o.Addr+" is not an address that clients can use: say how they reach the registry with --url")
	}
	o.checkMail(&wrong)
	o.checkTLS(&wrong)
	if len(wrong) == 0 {
		return nil
	}
	var words []string
	for _, flag := range slices.Sorted(maps.Keys(wrong)) {
		words = append(words, flag+" "+wrong[flag])
	}
	return registry.Errorf(registry.Invalid, "%s", strings.Join(words, "; "))
}

func checkAddr(addr string) error {
	_, port, err := net.SplitHostPort(addr)
	if err == nil {
		_, err = net.LookupPort("tcp", port)
	}
	if err != nil {
		return fmt.Errorf("%s is no address to listen on: write it as 127.0.0.1:3000", addr)
	}
	return nil
}

func checkURL(base string) error {
	if base == "" {
		return nil
	}
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return errors.New("must be like https://boxes.example.com")
	}
	return nil
}

// checkMail says nothing of what the mail server's URL has in it, such as a password.
func (o Options) checkMail(wrong *registry.Fields) {
	if o.SMTP == "" {
		if o.VerifyEmail == On {
			wrong.Add("--verify-email", "on needs --smtp, or BOXVAULT_SMTP")
		}
		return
	}
	c, err := smtp.ParseURL(o.SMTP)
	if err != nil {
		wrong.Check("--smtp", err)
		return
	}
	c.From = cmp.Or(o.MailFrom, c.From)
	for field, why := range c.Check() {
		if field == "from" {
			wrong.Add("--mail-from", why)
			continue
		}
		wrong.Add("--smtp", "is wrong: "+field+" "+why)
	}
}

func (o Options) checkTLS(wrong *registry.Fields) {
	switch {
	case o.TLSCert == "" && o.TLSKey == "":
	case o.TLSCert == "" || o.TLSKey == "":
		wrong.Add("--tls-cert", "and --tls-key are needed both: TLS takes a certificate and its key")
	default:
		if _, err := tls.LoadX509KeyPair(o.TLSCert, o.TLSKey); err != nil {
			wrong.Add("--tls-cert", fmt.Sprintf("and --tls-key are no certificate with its key: %s", err))
		}
	}
}
