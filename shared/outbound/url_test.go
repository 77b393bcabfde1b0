package outbound

import (
	"strings"
	"testing"
)

func TestURLsThatPeopleGive(t *testing.T) {
	long := strings.Repeat("a", 60) + "."
	for _, text := range []string{
		"https://your-app.com/webhooks/boxvault", "http://example.com", "HTTPS://Example.COM:8443/a?token=x&b=%20",
		"https://example.com.", "https://8.8.8.8/", "https://8.8.8.8.:443/", "https://[2606:4700::1111]:443/", "https://[::ffff:8.8.8.8]/",
		"https://a_b.example.com/", "https://xn--bcher-kva.example/", "https://1e100.net/", "https://a.0xg/", "https://example.com:",
		"https://build/hook", "https://" + long + long + long + "example/",
	} {
		if err := CheckURL(text, false); err != nil {
			t.Errorf("%s %v", text, err)
		}
	}
	for _, text := range []string{
		"", "x", "/webhooks", "//example.com/", "ftp://example.com/", "file:///etc/passwd", "javascript:alert(1)", "gopher://a:1/_x",
		"https://", "https:///path", "https:example.com", "https://:443/", "https://?x", " https://example.com/", "https://example.com/\n",
		"https://exa mple.com/", "https://user@example.com/", "https://user:word@example.com/", "https://@example.com/",
		"https://example.com/#part", "https://example.com/#", "https://example.com:0/", "https://example.com:65536/", "https://example.com:x/",
		"https://example.com:-1/", "https://-a.example/", "https://a-.example/", "https://a..example/", "https://./", "https://.example/",
		"https://bücher.example/", "https://①②⑦.⓪.⓪.①/", "https://ex%61mple.com%00/", "https://a%2fb/", "http://%6cocalhost/", "http://%31%32%37.0.0.1/", "https://a\\b/", "https://[::1/",
		"https://[v1.x]/", "https://" + strings.Repeat("a", 64) + ".example/", "https://" + long + long + long + long + long + "example/",
		"https://example.com/" + strings.Repeat("x", MaxURL),
		// Addresses in other notations, which some resolvers read.
		"http://2130706433/", "http://0x7f000001/", "http://0x7f.1/", "http://0177.0.0.1/", "http://127.1/", "http://127.0.0.01/",
		"http://1.2.3.4.5/", "http://8.8.8/", "http://256.256.256.256/", "http://0x/", "http://017700000001/", "http://127.0.0.0x1/",
	} {
		if CheckURL(text, false) == nil || CheckURL(text, true) == nil {
			t.Errorf("%q is accepted", text)
		}
	}
}

func TestAURLToAPrivateAddressIsRefusedAtOnce(t *testing.T) {
	for text, allowed := range map[string]bool{
		"http://127.0.0.1/": true, "http://127.0.0.1./": true, "http://[::1]:8080/": true, "http://[::ffff:127.0.0.1]/": true,
		"http://[::ffff:7f00:1]/": true, "http://10.1.2.3/": true, "http://localhost/": true, "http://LOCALHOST.:80/": true,
		"http://a.localhost/": true, "http://[fd12::1%25eth0]/": true,
		"http://169.254.169.254/latest/meta-data": false, "http://[fe80::1%25eth0]/": false, "http://0.0.0.0/": false, "http://[::]/": false,
		"http://[64:ff9b::7f00:1]/": false, "http://[::127.0.0.1]/": false, "http://224.0.0.1/": false,
	} {
		if CheckURL(text, false) == nil {
			t.Errorf("%s is accepted", text)
		}
		if err := CheckURL(text, true); (err == nil) != allowed {
			t.Errorf("%s with private addresses allowed: %v", text, err)
		}
	}
}

// A URL often holds the token of the receiver.
func TestNoErrorRepeatsTheURL(t *testing.T) {
	for _, text := range []string{
		"https://example.com:x/tok3n", "https://127.0.0.1/tok3n", "https://tok3n@example.com/", "https://exa mple/tok3n", "https://e/tok3n\x7f%zz",
	} {
		if err := CheckURL(text, false); err == nil || strings.Contains(err.Error(), "tok3n") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
