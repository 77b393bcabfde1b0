// Package certificatetest makes certificates for tests.
package certificatetest

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"mime/multipart"
	"net"
	"slices"
	"testing"
	"time"
)

// Issued is a certificate for this machine, as an authority hands it out.
type Issued struct {
	// Leaf, Issuer and Root are PEM, each issued by the one behind it; Key is that of the leaf.
	Leaf, Issuer, Root, Key []byte
	// Trust has the root in it.
	Trust *x509.CertPool
	// Serial tells the leaf from every other one.
	Serial string
}

// Chain is what a server shows: the leaf and its issuer.
func (i Issued) Chain() []byte { return slices.Concat(i.Leaf, i.Issuer) }

// Issue makes a certificate, for localhost and 127.0.0.1 and for an hour around now, or as it was
// changed.
func Issue(t testing.TB, change ...func(*x509.Certificate)) Issued {
	t.Helper()
	return IssueFor(t, NewKey(t), change...)
}

// IssueFor makes a certificate for a key.
func IssueFor(t testing.TB, key crypto.Signer, change ...func(*x509.Certificate)) Issued {
	t.Helper()
	root := authority(t, "root", nil)
	issuer := authority(t, "issuer", &root)
	wish := template(t, "boxes.example.com")
	wish.DNSNames, wish.IPAddresses = []string{"localhost"}, []net.IP{net.IPv4(127, 0, 0, 1).To4()}
	wish.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	for _, c := range change {
		c(wish)
	}
	leaf := sign(t, wish, issuer.cert, key.Public(), issuer.key)
	trust := x509.NewCertPool()
	trust.AddCert(root.cert)
	return Issued{
		Leaf: encode("CERTIFICATE", leaf.Raw), Issuer: encode("CERTIFICATE", issuer.cert.Raw), Root: encode("CERTIFICATE", root.cert.Raw),
		Key: encode("PRIVATE KEY", pkcs8(t, key)), Trust: trust, Serial: leaf.SerialNumber.String(),
	}
}

// NewKey makes a key.
func NewKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

type issuer struct {
	cert *x509.Certificate
	key  crypto.Signer
}

func authority(t testing.TB, name string, by *issuer) issuer {
	t.Helper()
	wish, key := template(t, name), NewKey(t)
	wish.IsCA, wish.BasicConstraintsValid, wish.KeyUsage = true, true, x509.KeyUsageCertSign
	if by == nil {
		by = &issuer{wish, key}
	}
	return issuer{sign(t, wish, by.cert, key.Public(), by.key), key}
}

func template(t testing.TB, name string) *x509.Certificate {
	t.Helper()
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		t.Fatal(err)
	}
	return &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
}

func sign(t testing.TB, wish, issuer *x509.Certificate, public crypto.PublicKey, key crypto.Signer) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, wish, issuer, public, key)
	if err != nil {
		t.Fatal(err)
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func pkcs8(t testing.TB, key crypto.Signer) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func encode(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

// Form is the body by which a certificate is uploaded, and its content type.
func Form(t testing.TB, cert, key []byte) (body []byte, contentType string) {
	t.Helper()
	var out bytes.Buffer
	form := multipart.NewWriter(&out)
	for _, file := range []struct {
		field string
		text  []byte
	}{{"cert", cert}, {"key", key}} {
		part, err := form.CreateFormFile(file.field, file.field+".pem")
		if err == nil {
			_, err = part.Write(file.text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), form.FormDataContentType()
}
