package e2e

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/api"
)

// TestTLS serves over TLS with a certificate that only who is told of it trusts.
func TestTLS(t *testing.T) {
	t.Parallel()
	need(t, "bash", "curl")
	cert, key := makeCertificate(t)
	p := serve(t, t.TempDir(), "--tls-cert", cert, "--tls-key", key)
	if !strings.HasPrefix(p.URL, "https://127.0.0.1:") {
		t.Fatalf("it says that it is at %s", p.URL)
	}
	you := newcomer(t)
	you.run(t, "curl", "-sS", p.URL+"/health").fails(t, "certificate")
	if out := you.run(t, "curl", "-sS", "--cacert", cert, p.URL+"/health").ok(t); !strings.Contains(out.stdout, `"status":"ok"`) {
		t.Errorf("health: %s", out.stdout)
	}
	you.run(t, "bash", "-c", "boxvault --url "+p.URL+" list acme").fails(t, "certificate")

	you.env = append(you.env, "SSL_CERT_FILE="+cert)
	file := must[BoxFile](t)(Box{Provider: "virtualbox", Disk: 1 << 20}.Write(filepath.Join(you.dir, "debian12.box")))
	you.run(t, "bash", "-ec", `
		boxvault signup `+p.URL+` --username you --email you@example.com --password-stdin <<<"a long password"
		boxvault org create acme
		boxvault push acme/debian12 1.0.0 debian12.box --public
		boxvault pull acme/debian12 -o back.box`).ok(t)
	wantSame(t, filepath.Join(you.dir, "back.box"), file)
	t.Run("vagrant", func(t *testing.T) {
		need(t, "vagrant")
		v := newVagrant(t)
		v.do(t, "box", "add", p.URL+"/acme/debian12").fails(t, "certificate")
		v.do(t, "box", "add", "--cacert", cert, p.URL+"/acme/debian12").ok(t)
		v.wantBoxes(t, "acme/debian12 (virtualbox, 1.0.0)")
	})
}

// TestUploadedCertificate has a registry that speaks plain HTTP speak TLS as well, from one request to
// the next and after a crash.
func TestUploadedCertificate(t *testing.T) {
	t.Parallel()
	need(t, "curl")
	data := t.TempDir()
	p := serve(t, data)
	admin := newOwner(t, p.URL) // the first one
	cert, key := makeCertificate(t)
	c := command{dir: t.TempDir()}
	upload := []string{"-sSf", p.URL + "/api/setup/upload-ssl", "-F", "cert=@" + cert, "-F", "key=@" + key}
	c.run(t, "curl", upload...).fails(t, "401")
	c.run(t, "curl", append(upload, "-H", "x-access-token: "+admin.token)...).ok(t)
	c.run(t, "curl", "-sSf", "--cacert", cert, secure(p)+"/health").ok(t)
	ask(t, "GET", p.URL+"/health", nil).want(t, 200)
	if err := p.Kill(); err != nil {
		t.Fatal(err)
	}
	again := serve(t, data)
	until(t, "the start tells of the certificate", func() bool { return strings.Contains(again.Stdout(), `https is spoken`) })
	c.run(t, "curl", "-sSf", "--cacert", cert, secure(again)+"/health").ok(t)
	admin.Client = newClient(t, again.URL, admin.token)
	admin.box(t, "debian12", true)
	page := c.run(t, "curl", "-sSf", "--cacert", cert, "-H", "Accept: text/html", secure(again)+"/"+admin.org+"/debian12").ok(t).stdout
	if !strings.Contains(page, secure(again)) || strings.Contains(page, again.URL) {
		t.Errorf("who comes over TLS is shown\n%s", page)
	}
	t.Run("vagrant", func(t *testing.T) {
		need(t, "vagrant")
		admin.publish(t, "debian12", "1.0.0", Box{Provider: "virtualbox", Disk: 1 << 20})
		v := newVagrant(t)
		v.do(t, "box", "add", "--cacert", cert, secure(again)+"/"+admin.org+"/debian12").ok(t)
		v.wantBoxes(t, admin.org+"/debian12 (virtualbox, 1.0.0)")
	})
}

// TestACertificateGoesToACM imports a certificate, and another one in its place.
func TestACertificateGoesToACM(t *testing.T) {
	t.Parallel()
	if target.cloud == nil {
		t.Skip("the target is no stack")
	}
	need(t, "curl")
	registry, root := withAdmin(t)
	c, arn := command{dir: t.TempDir()}, ""
	for range 2 {
		cert, key := makeCertificate(t)
		out := c.run(t, "curl", "-sSf", registry+"/api/setup/upload-ssl", "-F", "cert=@"+cert, "-F", "key=@"+key, "-H", "x-access-token: "+root.token).ok(t)
		told := decode[api.CertificateInstalled](t, out.stdout).Data
		if !strings.HasPrefix(told.ARN, "arn:aws:acm:") || arn != "" && told.ARN != arn {
			t.Errorf("it is %+v, after %s", told, arn)
		}
		arn = told.ARN
	}
}

// secure is how a registry is reached over TLS at the port where it speaks plain HTTP too.
func secure(p *Process) string { return strings.Replace(p.URL, "http://", "https://", 1) }

// makeCertificate makes a certificate for this machine that it has signed itself, and returns the
// paths of its PEM files.
func makeCertificate(t *testing.T) (cert, key string) {
	t.Helper()
	private := must[*ecdsa.PrivateKey](t)(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "boxvault test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	signed := must[[]byte](t)(x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private))
	secret := must[[]byte](t)(x509.MarshalECPrivateKey(private))
	dir := t.TempDir()
	return writePEM(t, filepath.Join(dir, "cert.pem"), "CERTIFICATE", signed),
		writePEM(t, filepath.Join(dir, "key.pem"), "EC PRIVATE KEY", secret)
}

func writePEM(t *testing.T, path, kind string, der []byte) string {
	t.Helper()
	text := pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
