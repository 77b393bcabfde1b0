package outbound

import (
	"net/netip"
	"testing"
)

// closed are addresses that nothing is ever sent to, whatever is allowed.
var closed = []string{
	"0.0.0.0", "0.1.2.3", "169.254.169.254", "169.254.0.1", "168.63.129.16", "192.0.0.1", "192.0.0.192", "192.0.2.1",
	"198.51.100.7", "203.0.113.255", "192.88.99.1", "198.18.0.1", "198.19.255.255", "224.0.0.1", "239.255.255.250",
	"240.0.0.1", "255.255.255.255", "::ffff:169.254.169.254", "::ffff:0.0.0.0",
	"::", "::2", "::127.0.0.1", "::7f00:1", "::ffff:0:7f00:1", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::a00:1", "100::1",
	"2001::1", "2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::", "2002:a00:1::1", "3fff::1", "5f00::1",
	"fe80::1", "fe80::1%eth0", "febf::1", "fec0::1", "ff02::1", "ff0e::1", "4000::1", "1::1",
}

// inside are addresses that are sent to when private ones are allowed.
var inside = []string{
	"127.0.0.1", "127.255.255.254", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.1.1",
	"100.64.0.1", "100.100.100.200", "100.127.255.255", "::1", "fc00::1", "fd00:ec2::254", "fd12::1%eth0",
	"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:7f00:1",
}

var outside = []string{
	"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1",
	"172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0", "169.253.255.255", "169.255.0.0", "198.17.255.255",
	"198.20.0.0", "192.0.1.0", "223.255.255.255", "::ffff:8.8.8.8", "2606:4700::1111", "2001:4860:4860::8888", "2a00::1",
	"2001:200::1", "2003::1", "3ffe:ffff::1",
}

func TestWhereNothingIsSentTo(t *testing.T) {
	for _, c := range []struct {
		addresses         []string
		open, openPrivate bool
	}{
		{closed, false, false}, {inside, false, true}, {outside, true, true},
	} {
		for _, text := range c.addresses {
			a := netip.MustParseAddr(text)
			if got := CheckAddress(a, false) == nil; got != c.open {
				t.Errorf("%s is open: %v", text, got)
			}
			if got := CheckAddress(a, true) == nil; got != c.openPrivate {
				t.Errorf("%s is open when private addresses are allowed: %v", text, got)
			}
		}
	}
	if CheckAddress(netip.Addr{}, true) == nil {
		t.Error("no address is open")
	}
}

// The guard sees what the system is about to connect to.
func TestTheGuardRefusesWhatItCannotRead(t *testing.T) {
	refuse := Guard(true)
	for address, open := range map[string]bool{
		"8.8.8.8:443": true, "[2606:4700::1111]:443": true, "127.0.0.1:80": true, "[fd12::1%eth0]:80": true,
		"[fe80::1%eth0]:80": false, "169.254.169.254:80": false, "[::ffff:169.254.169.254]:80": false,
		"/var/run/docker.sock": false, "localhost:80": false, "": false, "8.8.8.8": false,
	} {
		if got := refuse("tcp", address, nil) == nil; got != open {
			t.Errorf("%q is open: %v", address, got)
		}
	}
}
