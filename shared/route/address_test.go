package route_test

import (
	"context"
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

func TestWhereARequestComesFrom(t *testing.T) {
	proxies, err := route.ParseProxies("10.0.0.0/8, 192.0.2.7,, 2001:db8::/32")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		about, peer string
		forwarded   []string
		want        string
	}{
		{"directly", "203.0.113.9:1234", nil, "203.0.113.9"},
		{"a client that makes up a header", "203.0.113.9:1234", []string{"198.51.100.1"}, "203.0.113.9"},
		{"by a proxy", "10.1.2.3:1234", []string{"203.0.113.9"}, "203.0.113.9"},
		{"by a proxy that says nothing", "10.1.2.3:1234", nil, "10.1.2.3"},
		{"by two proxies", "10.1.2.3:1234", []string{"203.0.113.9, 192.0.2.7"}, "203.0.113.9"},
		{"by two proxies that write a line each", "10.1.2.3:1234", []string{"203.0.113.9", "192.0.2.7"}, "203.0.113.9"},
		{"what a client made up, and the proxy added to", "10.1.2.3:1234", []string{"198.51.100.1, 10.9.9.9, 203.0.113.9"}, "203.0.113.9"},
		{"by a proxy that is the client", "10.1.2.3:1234", []string{"10.4.4.4"}, "10.4.4.4"},
		{"by a neighbour of a proxy", "192.0.2.8:1234", []string{"203.0.113.9"}, "192.0.2.8"},
		{"with a port", "10.1.2.3:1234", []string{"203.0.113.9:5555"}, "203.0.113.9"},
		{"in IPv6", "[2001:db8::1]:1234", []string{"2001:470::5"}, "2001:470::5"},
		{"in IPv6 with a port", "[2001:db8::1]:1234", []string{"[2001:470::5]:99"}, "2001:470::5"},
		{"IPv4 in IPv6", "[::ffff:10.1.2.3]:1234", []string{"::ffff:203.0.113.9"}, "203.0.113.9"},
		{"something that is no address", "10.1.2.3:1234", []string{"203.0.113.9, unknown"}, "10.1.2.3"},
		{"nothing but commas", "10.1.2.3:1234", []string{",,"}, "10.1.2.3"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr, r.Header["X-Forwarded-For"] = c.peer, c.forwarded
		if got := proxies.Client(r).String(); got != c.want {
			t.Errorf("%s: %s, want %s", c.about, got, c.want)
		}
	}
	socket := httptest.NewRequest("GET", "/", nil)
	socket.RemoteAddr = "@"
	if got := proxies.Client(socket); got.IsValid() {
		t.Errorf("a socket has the address %s", got)
	}
}

func TestWrongProxiesAreNamed(t *testing.T) {
	for _, text := range []string{"10.0.0.0/33", "proxy.example.com", "10.0.0", "10.0.0.1-10.0.0.9", "*"} {
		if list, err := route.ParseProxies(text); err == nil {
			t.Errorf("%s became %v", text, list)
		}
	}
}

// teller tells who makes changes.
type teller struct{}

func (teller) Tell(ctx context.Context, _ registry.Caller, _ route.Nothing) (registry.Author, error) {
	return registry.AuthorOf(ctx), nil
}

// The audit log has the address that the limits go by.
func TestAChangeIsMadeFromTheAddressOfTheClient(t *testing.T) {
	shell := route.Shell{Identify: identify, Proxies: route.Proxies{netip.MustParsePrefix("192.0.2.0/24")}}
	w := httptest.NewRecorder()
	shell.Handler(route.Row{Handler: route.To(teller.Tell)}, teller{}).
		ServeHTTP(w, get("X-Access-Token", "robot", "X-Forwarded-For", "203.0.113.9", "X-Request-Id", "id-7"))
	if want := `{"account":1,"username":"robot","serviceAccount":2,"address":"203.0.113.9","request":"id-7"}`; w.Body.String() != want {
		t.Errorf("got  %s\nwant %s", w.Body, want)
	}
}
