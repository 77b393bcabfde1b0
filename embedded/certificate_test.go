package embedded_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded"
	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/certificate/certificatetest"
)

// install uploads a certificate.
func install(t *testing.T, r *embeddedtest.Registry, token string, c certificatetest.Issued) embeddedtest.Answer {
	t.Helper()
	body, contentType := certificatetest.Form(t, c.Chain(), c.Key)
	req, err := http.NewRequest("POST", r.URL+"/api/setup/upload-ssl", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("X-Access-Token", token)
	return r.Send(t, req)
}

// trusting is a client who knows one authority.
func trusting(t *testing.T, pool *x509.CertPool) *http.Client {
	t.Helper()
	transport := &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{
		RootCAs: pool, ClientSessionCache: tls.NewLRUClientSessionCache(1),
	}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// get asks over TLS, and tells the serial number of the certificate that was shown.
func get(t *testing.T, c *http.Client, r *embeddedtest.Registry, path string) (serial string, a embeddedtest.Answer) {
	t.Helper()
	resp, err := c.Get(overTLS(r) + path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.TLS.PeerCertificates[0].SerialNumber.String(), embeddedtest.Answer{Status: resp.StatusCode, Header: resp.Header, Body: body}
}

func overTLS(r *embeddedtest.Registry) string {
	return strings.Replace(r.URL, "http://", "https://", 1)
}

func TestAnUploadedCertificateIsUsedAtOnce(t *testing.T) {
	r := embeddedtest.Start(t)
	first, second := certificatetest.Issue(t), certificatetest.Issue(t)
	if _, err := trusting(t, first.Trust).Get(overTLS(r) + "/health"); err == nil {
		t.Error("TLS is spoken before there is a certificate")
	}
	install(t, r, "", first).Want(t, 200)
	c := trusting(t, first.Trust)
	if serial, a := get(t, c, r, "/health"); serial != first.Serial || a.Status != 200 || a.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("%s is shown, answered %d, %v", serial, a.Status, a.Header)
	}
	r.Do(t, "GET", "/health", "", nil).Want(t, 200) // plain HTTP goes on

	install(t, r, "", second).Want(t, 200)
	if serial, _ := get(t, c, r, "/health"); serial != first.Serial {
		t.Errorf("on the connection under way %s is shown", serial)
	}
	c.CloseIdleConnections()
	if _, err := c.Get(overTLS(r) + "/health"); err == nil { // not even with a session of before
		t.Error("the first certificate is still shown")
	}
	if serial, _ := get(t, trusting(t, second.Trust), r, "/health"); serial != second.Serial {
		t.Errorf("%s is shown", serial)
	}
}

// A request that is under way when the certificate is replaced comes to its end.
func TestAnUploadUnderWayGoesOn(t *testing.T) {
	r := embeddedtest.Start(t)
	c := certificatetest.Issue(t)
	token := r.SignUp(t, "ada")
	install(t, r, token, c).Want(t, 200)
	r.Organization(t, token, "acme")
	box := r.Box(t, token, "acme", "debian12", true)
	body, feed := io.Pipe()
	req, err := http.NewRequest("POST", overTLS(r)+box+"/version/1.0.0/provider/virtualbox/architecture/amd64/file/upload", body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Access-Token", token)
	answered := make(chan int, 1)
	client := trusting(t, c.Trust)
	go func() {
		resp, err := client.Do(req)
		if err != nil {
			t.Error(err)
			answered <- 0
			return
		}
		resp.Body.Close()
		answered <- resp.StatusCode
	}()
	half := bytes.Repeat([]byte("x"), 1<<20)
	for range 2 {
		if _, err := feed.Write(half); err != nil {
			t.Fatal(err)
		}
		install(t, r, token, certificatetest.Issue(t)).Want(t, 200)
	}
	if err := feed.Close(); err != nil {
		t.Fatal(err)
	}
	if got := <-answered; got != 200 {
		t.Errorf("the upload was answered %d", got)
	}
}

func TestACertificateIsKeptOverARestart(t *testing.T) {
	r := embeddedtest.Start(t)
	c := certificatetest.Issue(t)
	install(t, r, "", c).Want(t, 200)
	if info, err := os.Stat(filepath.Join(r.Data, "certificate.pem")); err != nil || info.Mode() != 0o600 {
		t.Errorf("the file is %v, %v", info, err)
	}
	r.Stop()
	again := embeddedtest.Start(t, func(o *embedded.Options) { o.Data = r.Data })
	if serial, _ := get(t, trusting(t, c.Trust), again, "/health"); serial != c.Serial {
		t.Errorf("%s is shown", serial)
	}
	again.Do(t, "GET", "/health", "", nil).Want(t, 200)
}

func TestLinksLeadToWhereTheClientIs(t *testing.T) {
	r := embeddedtest.Start(t)
	c := certificatetest.Issue(t)
	token := r.SignUp(t, "ada")
	install(t, r, token, c).Want(t, 200)
	r.Organization(t, token, "acme")
	box := r.Box(t, token, "acme", "debian12", true)
	arch := box + "/version/1.0.0/provider/virtualbox/architecture/amd64"
	r.Do(t, "POST", arch+"/file/upload", token, "some bytes").Want(t, 200)
	client := trusting(t, c.Trust)

	const stable = "/acme/boxes/debian12/versions/1.0.0/providers/virtualbox/amd64/vagrant.box"
	if _, a := get(t, client, r, stable); string(a.Body) != "some bytes" {
		t.Errorf("the stable URL answered %d %s", a.Status, a.Body)
	}
	_, a := get(t, client, r, arch+"/file/download")
	link := a.Header.Get("Location")
	if !strings.HasPrefix(link, overTLS(r)+"/") {
		t.Fatalf("a client over TLS is led to %s", link)
	}
	if _, a := get(t, client, r, strings.TrimPrefix(link, overTLS(r))); string(a.Body) != "some bytes" {
		t.Errorf("the link answered %d %s", a.Status, a.Body)
	}
	if plain := r.Do(t, "GET", arch+"/file/download", "", nil).Want(t, 302).Header.Get("Location"); !strings.HasPrefix(plain, r.URL+"/") {
		t.Errorf("a client without TLS is led to %s", plain)
	}
	_, a = get(t, client, r, box+"/metadata")
	m := embeddedtest.JSON[api.Metadata](t, a)
	if url := m.Versions[0].Providers[0].URL; !strings.HasPrefix(url, overTLS(r)+"/") {
		t.Errorf("the metadata lead to %s", url)
	}
}

func TestTheCertificateOfTheStartHasPrecedence(t *testing.T) {
	c, other := certificatetest.Issue(t), certificatetest.Issue(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "both.pem")
	if err := os.WriteFile(file, append(c.Chain(), c.Key...), 0o600); err != nil {
		t.Fatal(err)
	}
	r := embeddedtest.Start(t, func(o *embedded.Options) { o.TLSCert, o.TLSKey = file, file })
	body, contentType := certificatetest.Form(t, other.Chain(), other.Key)
	client := trusting(t, c.Trust)
	resp, err := client.Post(r.URL+"/api/setup/upload-ssl", contentType, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if serial, _ := get(t, client, r, "/health"); resp.StatusCode != 409 || serial != c.Serial {
		t.Errorf("answered %d, %s is shown", resp.StatusCode, serial)
	}
}

// Nobody keeps others out by connecting and saying nothing, or by half a handshake.
func TestConnectionsThatSayNothingHoldNobodyUp(t *testing.T) {
	r := embeddedtest.Start(t)
	c := certificatetest.Issue(t)
	install(t, r, "", c).Want(t, 200)
	for range 50 {
		for _, first := range []string{"", "\x16", "\x16\x03\x01", "G", "\x00"} {
			conn, err := net.Dial("tcp", strings.TrimPrefix(r.URL, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { conn.Close() })
			if _, err := io.WriteString(conn, first); err != nil {
				t.Fatal(err)
			}
		}
	}
	client := trusting(t, c.Trust)
	client.Timeout = 30 * time.Second
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			resp, err := client.Get(overTLS(r) + "/health")
			if err != nil || resp.StatusCode != 200 {
				t.Errorf("%v, %v", resp, err)
				return
			}
			resp.Body.Close()
		})
	}
	wg.Wait()
	r.Do(t, "GET", "/health", "", nil).Want(t, 200)
}
