package certificate_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/certificate"
	"github.com/boxvault/boxvault/shared/certificate/certificatetest"
	"github.com/boxvault/boxvault/shared/registry"
)

// wantFields fails the test unless the error names just these fields.
func wantFields(t *testing.T, about string, err error, fields ...string) {
	t.Helper()
	var told *registry.Error
	if !errors.As(err, &told) || told.Kind != registry.Invalid || len(told.Details) != len(fields) {
		t.Errorf("%s: %v, %+v", about, err, told)
		return
	}
	for _, f := range fields {
		if told.Details[f] == nil {
			t.Errorf("%s: nothing is told of %s: %v", about, f, told.Details)
		}
	}
}

func TestACertificateIsReadAsAuthoritiesHandItOut(t *testing.T) {
	c := certificatetest.Issue(t)
	note := []byte("Bag Attributes\n    friendlyName: boxes\n")
	for about, chain := range map[string][]byte{
		"with its issuer": c.Chain(), "with the root": slices.Concat(c.Leaf, c.Issuer, c.Root), "alone": c.Leaf,
		"with words around": slices.Concat(note, c.Leaf, note, c.Issuer), "with CRLF": bytes.ReplaceAll(c.Chain(), []byte("\n"), []byte("\r\n")),
	} {
		p, err := certificate.Parse(chain, c.Key, time.Now())
		if err != nil {
			t.Errorf("%s: %v", about, err)
			continue
		}
		again, err := tls.X509KeyPair(slices.Concat(p.Leaf, p.Chain), p.Key)
		if err != nil || !slices.EqualFunc(again.Certificate, p.TLS.Certificate, bytes.Equal) || !bytes.Equal(p.Leaf, c.Leaf) {
			t.Errorf("%s: the PEM is another pair: %v", about, err)
		}
	}
}

func TestKeysOfEveryFormAreRead(t *testing.T) {
	ec := certificatetest.NewKey(t)
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	_, edKey, edErr := ed25519.GenerateKey(rand.Reader)
	sec1, ecErr := x509.MarshalECPrivateKey(ec)
	if err := errors.Join(err, edErr, ecErr); err != nil {
		t.Fatal(err)
	}
	parameters := pem.EncodeToMemory(&pem.Block{Type: "EC PARAMETERS", Bytes: []byte{6, 8, 42, 134, 72, 206, 61, 3, 1, 7}})
	for _, c := range []struct {
		key  crypto.Signer
		text []byte // nil: PKCS #8
	}{
		{key: ec}, {key: rsaKey}, {key: edKey},
		{ec, slices.Concat(parameters, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: sec1}))},
		{rsaKey, pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(rsaKey)})},
	} {
		issued := certificatetest.IssueFor(t, c.key)
		if c.text == nil {
			c.text = issued.Key
		}
		if _, err := certificate.Parse(issued.Chain(), c.text, time.Now()); err != nil {
			t.Errorf("%.40s: %v", c.text, err)
		}
	}
}

func TestWhatClientsWouldRefuseIsRefused(t *testing.T) {
	c, other, now := certificatetest.Issue(t), certificatetest.Issue(t), time.Now()
	changed := func(change func(*x509.Certificate)) []byte {
		return certificatetest.Issue(t, change).Chain()
	}
	for about, chain := range map[string][]byte{
		"nothing": nil, "words": []byte("hello"), "too much": bytes.Repeat([]byte("\n"), certificate.MaxSize+1),
		"a key": c.Key, "a key as well": slices.Concat(c.Chain(), c.Key), "half of it": c.Leaf[:len(c.Leaf)/2],
		"one whole and a half": slices.Concat(c.Leaf, c.Issuer[:len(c.Issuer)/2]),
		"garbage within":       pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("garbage")}),
		"the issuer first":     slices.Concat(c.Issuer, c.Leaf), "another's issuer": slices.Concat(c.Leaf, other.Issuer),
		"a gap": slices.Concat(c.Leaf, c.Root), "a leaf twice": slices.Concat(c.Leaf, c.Leaf),
		"expired":       changed(func(c *x509.Certificate) { c.NotAfter = now.Add(-time.Minute) }),
		"not yet valid": changed(func(c *x509.Certificate) { c.NotBefore = now.Add(time.Minute) }),
		"for clients":   changed(func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }),
		"many names":    changed(func(c *x509.Certificate) { c.DNSNames = slices.Repeat([]string{"a.example.com"}, 100) }),
		"a long name":   changed(func(c *x509.Certificate) { c.DNSNames = []string{strings.Repeat("a", 254)} }),
		"a long subject": changed(func(c *x509.Certificate) {
			c.Subject.Organization = slices.Repeat([]string{strings.Repeat("a", 60)}, 20)
		}),
	} {
		_, err := certificate.Parse(chain, c.Key, now)
		wantFields(t, about, err, "cert")
	}
}

func TestKeysThatAreNoneAreRefused(t *testing.T) {
	c, other := certificatetest.Issue(t), certificatetest.Issue(t)
	legacy := pem.EncodeToMemory(&pem.Block{
		Type: "RSA PRIVATE KEY", Headers: map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": "AES-128-CBC,00"}, Bytes: []byte("secret"),
	})
	for about, key := range map[string][]byte{
		"nothing": nil, "words": []byte("hello"), "too much": bytes.Repeat([]byte("\n"), certificate.MaxSize+1),
		"a certificate": c.Leaf, "two keys": slices.Concat(c.Key, c.Key), "another's": other.Key, "half of it": c.Key[:len(c.Key)/2],
		"encrypted": pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte("secret")}), "encrypted long ago": legacy,
		"parameters only": pem.EncodeToMemory(&pem.Block{Type: "EC PARAMETERS", Bytes: []byte{1}}),
		"garbage within":  pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("garbage")}),
	} {
		_, err := certificate.Parse(c.Chain(), key, time.Now())
		wantFields(t, about, err, "key")
		if err != nil && bytes.Contains(key, []byte("secret")) && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the key is told: %v", about, err)
		}
	}
	_, err := certificate.Parse([]byte("no"), []byte("no"), time.Now())
	wantFields(t, "both", err, "cert", "key")
}

func TestWeakKeysAreRefused(t *testing.T) {
	small, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []crypto.Signer{small, short} {
		c := certificatetest.IssueFor(t, key)
		_, err := certificate.Parse(c.Chain(), c.Key, time.Now())
		wantFields(t, "a weak key", err, "cert")
	}
}

func TestTheFingerprintIsThatOfOpenSSL(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl is not installed")
	}
	c := certificatetest.Issue(t)
	p, err := certificate.Parse(c.Chain(), c.Key, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	told := certificate.Describe(p.TLS)
	cmd := exec.CommandContext(t.Context(), "openssl", "x509", "-noout", "-fingerprint", "-sha256")
	cmd.Stdin = bytes.NewReader(c.Leaf)
	out, err := cmd.Output()
	_, want, _ := strings.Cut(strings.TrimSpace(string(out)), "=")
	if err != nil || told.Fingerprint != want {
		t.Errorf("told %s, openssl says %s, %v", told.Fingerprint, want, err)
	}
	if told.Subject != "CN=boxes.example.com" || !slices.Equal(told.DNSNames, []string{"localhost"}) || !slices.Equal(told.Addresses, []string{"127.0.0.1"}) {
		t.Errorf("told %+v", told)
	}
}
