package route

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Proxies are the networks of the proxies in front of the registry. What X-Forwarded-For says is
// believed as far as they wrote it; without any it is not looked at.
type Proxies []netip.Prefix

// ParseProxies reads addresses and networks (CIDR), separated by commas.
func ParseProxies(text string) (list Proxies, err error) {
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		prefix, err := netip.ParsePrefix(part)
		if one, isAddr := netip.ParseAddr(part); isAddr == nil {
			prefix, err = one.Prefix(one.BitLen())
		}
		if err != nil {
			return nil, fmt.Errorf("%s: write a proxy as 10.0.0.7, or a network of them as 10.0.0.0/8", part)
		}
		list = append(list, prefix.Masked())
	}
	return list, nil
}

// Client is the address that a request comes from. Each proxy adds at the end of X-Forwarded-For
// the one it was asked by, so the list is read from its end, up to the first address that is no
// proxy; what stands before that one anybody may have written. The zero Addr is a client without
// an address, as on a socket of this machine.
func (p Proxies) Client(r *http.Request) netip.Addr {
	peer := parseAddr(r.RemoteAddr)
	if !p.contain(peer) {
		return peer
	}
	list := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, text := range slices.Backward(list) {
		before := parseAddr(strings.TrimSpace(text))
		if !before.IsValid() {
			return peer
		}
		if peer = before; !p.contain(peer) {
			return peer
		}
	}
	return peer
}

func (p Proxies) contain(a netip.Addr) bool {
	return slices.ContainsFunc(p, func(prefix netip.Prefix) bool { return prefix.Contains(a) })
}

// parseAddr reads an address, with a port or without. Behind an IPv4 address in IPv6's clothes is
// the IPv4 address; zones are the machine's own business.
func parseAddr(text string) netip.Addr {
	a, err := netip.ParseAddr(text)
	if err != nil {
		withPort, _ := netip.ParseAddrPort(text)
		a = withPort.Addr()
	}
	return a.Unmap().WithZone("")
}

func addressText(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}
