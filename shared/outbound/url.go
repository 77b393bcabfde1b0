package outbound

import (
	"errors"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// MaxURL is the most bytes that a URL has which a person gave.
const MaxURL = 2048

// CheckURL says what is wrong with a URL that the registry is to connect to. It may be http: what is on
// a company's own network often is; what is sent can then be read on the way. A host that is a private address by its looks is refused here; what a name means is
// decided whenever something is sent, since that can change. The error does not repeat the URL,
// which may hold a token.
func CheckURL(text string, allowPrivate bool) error {
	if len(text) > MaxURL {
		return errors.New("must have at most 2048 characters")
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return errors.New("must be a URL that begins with https:// or http:// and a host")
	case u.User != nil:
		return errors.New("must not contain a user name or password")
	case strings.Contains(text, "#"):
		return errors.New("must not contain a fragment (#)")
	case !validPort(u.Port()):
		return errors.New("must have a port between 1 and 65535")
	}
	return checkHost(strings.ToLower(u.Hostname()), allowPrivate)
}

func validPort(port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	return port == "" || err == nil && n > 0
}

func checkHost(host string, allowPrivate bool) error {
	host = strings.TrimSuffix(host, ".") // of a fully qualified name
	if a, err := netip.ParseAddr(host); err == nil {
		return CheckAddress(a, allowPrivate)
	}
	if !allowPrivate && (host == "localhost" || strings.HasSuffix(host, ".localhost")) {
		return ErrAddress
	}
	labels := strings.Split(host, ".")
	for _, label := range labels {
		if !validLabel(label) {
			return errors.New("must have a valid host name; an international one in its ASCII form (xn--…)")
		}
	}
	// Some resolvers read 2130706433, 0x7f.1 and 0177.0.0.1 as addresses.
	if last := labels[len(labels)-1]; numeric(last) {
		return errors.New("must have a host name, or an address of four decimal numbers")
	}
	if len(host) > 253 {
		return errors.New("must have a host name of at most 253 characters")
	}
	return nil
}

// validLabel allows the underscore that names within a company have.
func validLabel(label string) bool {
	if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
		return false
	}
	other := func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && r != '-' && r != '_'
	}
	return !strings.ContainsFunc(label, other)
}

// numeric reports whether a label is a number in any notation that resolvers read: no top-level
// domain is (URL Standard, "ends in a number").
func numeric(label string) bool {
	if hex, ok := strings.CutPrefix(label, "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return strings.Trim(label, "0123456789") == ""
}
