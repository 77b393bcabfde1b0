// Package outbound keeps the registry from connecting to where nobody but its own network should: an
// address that a person has named may lead anywhere.
package outbound

import (
	"errors"
	"net/netip"
	"slices"
	"syscall"
)

// ErrAddress is why no connection was made. It names no address: what a name means inside the
// registry's network is nobody's business.
var ErrAddress = errors.New("the host has a private or reserved address, where the registry does not send to")

// private are the networks that may be allowed.
var private = prefixes(
	"127.0.0.0/8", "::1/128", // loopback
	"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", // RFC 1918, RFC 4193
	"100.64.0.0/10", // shared by a provider's customers, RFC 6598
)

// reserved are the networks that nothing opens: no server of others is there, and in a cloud
// the machine's own credentials are. Of IPv6, all that is outside of global is reserved as well:
// link-local, multicast, and addresses that stand for one of IPv4.
// Source: IANA's registries of special-purpose addresses (RFC 6890).
var reserved = prefixes(
	"0.0.0.0/8",                                         // this host
	"169.254.0.0/16",                                    // link-local: the metadata of clouds
	"168.63.129.16/32",                                  // the same of Azure
	"192.0.0.0/24",                                      // of protocols
	"192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", // for documentation
	"192.88.99.0/24",             // 6to4 relays
	"198.18.0.0/15",              // for benchmarks
	"224.0.0.0/4",                // multicast
	"240.0.0.0/4",                // for the future, and broadcast
	"2001::/23",                  // of protocols: Teredo, ORCHID, benchmarks
	"2001:db8::/32", "3fff::/20", // for documentation
	"2002::/16", // 6to4: IPv4 addresses
)

// global is what of IPv6 is given out for use on the internet.
var global = netip.MustParsePrefix("2000::/3")

func prefixes(list ...string) (out []netip.Prefix) {
	for _, p := range list {
		out = append(out, netip.MustParsePrefix(p))
	}
	return out
}

// CheckAddress returns ErrAddress for an address that nothing is sent to.
func CheckAddress(a netip.Addr, allowPrivate bool) error {
	a = a.Unmap().WithZone("") // a prefix contains no address with a zone
	in := func(list []netip.Prefix) bool {
		return slices.ContainsFunc(list, func(p netip.Prefix) bool { return p.Contains(a) })
	}
	if in(private) {
		if allowPrivate {
			return nil
		}
		return ErrAddress
	}
	if in(reserved) || !a.Is4() && !global.Contains(a) {
		return ErrAddress
	}
	return nil
}

// Guard is a net.Dialer's Control: it sees the address that is really connected to, whatever the
// name meant when it was looked up before.
func Guard(allowPrivate bool) func(network, address string, c syscall.RawConn) error {
	return func(_, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil {
			return ErrAddress
		}
		return CheckAddress(to.Addr(), allowPrivate)
	}
}
