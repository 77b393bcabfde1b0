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
