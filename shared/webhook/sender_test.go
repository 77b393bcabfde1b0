package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"github.com/boxvault/boxvault/shared/outbound"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/registry"
)

const secret = "webhook-secret"

// receive starts a receiver on this machine.
func receive(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

// near makes a Sender that may send to this machine.
func near() *Sender { return NewSender(Options{AllowPrivate: true, Now: time.Now}) }

// hasty is near, but gives up after the time given.
func hasty(after time.Duration) *Sender {
	return NewSender(Options{AllowPrivate: true, Timeout: after, Now: time.Now})
}

func send(t *testing.T, s *Sender, to string) registry.Attempt {
	t.Helper()
	w := registry.Webhook{ID: 7, URL: to, Secret: secret}
	a, err := s.Send(t.Context(), w, registry.NewDelivery(w, uploaded(), at))
	if err != nil {
		t.Fatal(err)
	}
	if a.Delivered() != (a.Failure == "") {
		t.Errorf("delivered and failed at once, or neither: %+v", a)
	}
	return a
}

// wantFailure fails the test unless no answer came, and that is said in the words given.
func wantFailure(t *testing.T, a registry.Attempt, words string) {
	t.Helper()
	if a.Status != 0 || !strings.Contains(a.Failure, words) {
		t.Errorf("%+v, want a failure with %q", a, words)
	}
}

func TestWhatAReceiverGets(t *testing.T) {
	var got *http.Request
	var body []byte
	to := receive(t, func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		fmt.Fprint(w, "thank you")
	})
	a := send(t, near(), to+"/hooks/boxvault?token=x")
	if a.Status != 200 || a.Excerpt != "thank you" || a.At.IsZero() || a.Took < 0 {
		t.Errorf("%+v", a)
	}
	if want, err := Body(uploaded()); err != nil || !bytes.Equal(body, want) {
		t.Errorf("got %s", body)
	}
	if got.Method != "POST" || got.URL.String() != "/hooks/boxvault?token=x" || got.ContentLength != int64(len(body)) {
		t.Errorf("%s %s, %d bytes", got.Method, got.URL, got.ContentLength)
	}
	for name, want := range map[string]string{
		"Content-Type": "application/json", "User-Agent": "BoxVault-Webhook", "X-BoxVault-Event": "box.uploaded",
		"X-BoxVault-Delivery": "20261122T063600.120Z-11-7", "X-BoxVault-Signature": Sign(secret, body), "Accept-Encoding": "",
	} {
		if got.Header.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, got.Header.Get(name), want)
		}
	}
	if !Verify(secret, body, got.Header.Get(SignatureHeader)) {
		t.Error("the signature is not that of the body")
	}
}

func TestOnly2xxIsDelivered(t *testing.T) {
	for status, failure := range map[int]string{
		200: "", 201: "", 204: "", 299: "",
		400: "answered 400 Bad Request", 410: "answered 410 Gone", 429: "answered 429", 500: "answered 500", 599: "answered 599",
		304: "answered 304 Not Modified; redirects are not followed",
	} {
		to := receive(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(status) })
		if a := send(t, near(), to); a.Status != status || !strings.Contains(a.Failure, failure) || a.Delivered() != (failure == "") {
			t.Errorf("%d: %+v", status, a)
		}
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	var seen atomic.Int32
	there := receive(t, func(http.ResponseWriter, *http.Request) { seen.Add(1) })
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, location := range []string{there, "http://169.254.169.254/", "file:///etc/passwd", "/", ""} {
			to := receive(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Location", location)
				w.WriteHeader(status)
			})
			if a := send(t, near(), to); a.Status != status || !strings.Contains(a.Failure, "redirects are not followed") {
				t.Errorf("%d to %q: %+v", status, location, a)
			}
		}
	}
	if seen.Load() != 0 {
		t.Error("a redirect was followed")
	}
}

func TestNothingIsSentToPrivateAddresses(t *testing.T) {
	var seen atomic.Int32
	to := receive(t, func(http.ResponseWriter, *http.Request) { seen.Add(1) })
	port := must[*url.URL](t)(url.Parse(to)).Port()
	s := NewSender(Options{Now: time.Now})
	for _, host := range []string{
		"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "[::]", "10.0.0.1", "169.254.169.254", "[fe80::1]",
	} {
		wantFailure(t, send(t, s, "http://"+host+":"+port), "private or reserved address")
	}
	if seen.Load() != 0 {
		t.Error("the receiver got something")
	}
}

// A name that means a public address when the webhook is made may mean this machine later.
func TestANameThatComesToMeanThisMachine(t *testing.T) {
	var seen atomic.Int32
	to := receive(t, func(http.ResponseWriter, *http.Request) { seen.Add(1) })
	to = "http://rebinding.example:" + must[*url.URL](t)(url.Parse(to)).Port()
	if err := outbound.CheckURL(to, false); err != nil {
		t.Fatal(err)
	}
	for _, meaning := range []string{"127.0.0.1", "10.9.8.7", "169.254.169.254", "::1", "::ffff:127.0.0.1", "fd00:ec2::254"} {
		s := NewSender(Options{Now: time.Now})
		s.dialer.Resolver = resolver(t, netip.MustParseAddr(meaning))
		wantFailure(t, send(t, s, to), "private or reserved address")
	}
	if seen.Load() != 0 {
		t.Fatal("the receiver got something")
	}
	// The same name is sent to where that is allowed: it was the address that was refused.
	s := near()
	s.dialer.Resolver = resolver(t, netip.MustParseAddr("127.0.0.1"))
	if a := send(t, s, to); a.Status != 200 || seen.Load() != 1 {
		t.Errorf("%+v", a)
	}
}

func TestTheEnvironmentsProxyIsNotUsed(t *testing.T) {
	var seen atomic.Int32
	proxy := receive(t, func(http.ResponseWriter, *http.Request) { seen.Add(1) })
	t.Setenv("HTTP_PROXY", proxy)
	t.Setenv("HTTPS_PROXY", proxy)
	s := NewSender(Options{Now: time.Now})
	s.dialer.Resolver = resolver(t, netip.MustParseAddr("10.0.0.1"))
	wantFailure(t, send(t, s, "http://receiver.example/"), "private or reserved address")
	if seen.Load() != 0 || s.transport.Proxy != nil {
		t.Error("the proxy was asked")
	}
}

func TestCertificatesAreVerified(t *testing.T) {
	var seen atomic.Int32
	r := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { seen.Add(1) }))
	r.Config.ErrorLog = log.New(io.Discard, "", 0) // it complains of who hangs up
	r.StartTLS()
	t.Cleanup(r.Close)
	wantFailure(t, send(t, near(), r.URL), "the certificate is not accepted: x509: ")
	if seen.Load() != 0 {
		t.Error("something was sent to a server that nobody knows")
	}
	trusting := near()
	trusting.transport.TLSClientConfig = r.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	if a := send(t, trusting, r.URL); a.Status != 200 || seen.Load() != 1 {
		t.Errorf("%+v", a)
	}
}

func TestFailuresNameNoAddressesAndNoURL(t *testing.T) {
	l := must[net.Listener](t)(net.Listen("tcp", "127.0.0.1:0"))
	l.Close()
	s := near()
	s.dialer.Resolver = resolver(t) // knows no name
	for to, words := range map[string]string{
		"http://" + l.Addr().String() + "/tok3n":    "connection refused",
		"https://" + receive(t, nil)[7:] + "/tok3n": "no answer: tls: ",
		"http://nowhere.example/tok3n":              "the host name cannot be resolved",
		"http://tok3n:tok3n@127.0.0.1:x/":           "no answer: ",
		"ftp://127.0.0.1/tok3n":                     "no answer: ",
	} {
		a := send(t, s, to)
		if wantFailure(t, a, words); strings.Contains(a.Failure, "tok3n") || strings.Contains(a.Failure, "127.0.0.1") {
			t.Error(a.Failure)
		}
	}
}

// An attempt that was broken off because the registry stops is none.
func TestAnAttemptThatIsBrokenOffDoesNotCount(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	to := receive(t, func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		stop()
		<-r.Context().Done()
	})
	w := registry.Webhook{ID: 7, URL: to, Secret: secret}
	if a, err := near().Send(ctx, w, registry.NewDelivery(w, uploaded(), at)); !errors.Is(err, context.Canceled) {
		t.Errorf("%+v, %v", a, err)
	}
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
