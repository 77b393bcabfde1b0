// Package certificate is the certificate that a registry shows to clients who come over TLS: what one
// that was uploaded must be like, and the port to the place where it is used.
package certificate

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"fmt"
	"strings"

	"github.com/boxvault/boxvault/shared/grant"
	"github.com/boxvault/boxvault/shared/registry"
)

// Pair is a certificate with its key, which has been checked: see Parse.
type Pair struct {
	// Leaf, Chain and Key are PEM: the registry's own certificate, those by which it was issued in
	// their order, and its key (PKCS #8).
	Leaf, Chain, Key []byte
	// TLS is the same for crypto/tls.
	TLS tls.Certificate
}

// Installer is the place where certificates are used.
type Installer interface {
	// Install has every new connection use the pair from now on, and instead of the one that is
	// known there by this id; an empty id is the first. It returns the id of the pair.
	//
	// The same pair can be installed again. When it fails, what was there before is still used. A
	// registry.Error is about the pair or the place, and for the caller.
	Install(ctx context.Context, p Pair, id string) (string, error)
}

// Guard refuses rows that did not ask for the right, as IAM does on AWS. A nil Installer stays nil.
func Guard(i Installer) Installer {
	if i == nil {
		return nil
	}
	return guarded{i}
}

type guarded struct{ Installer }

func (g guarded) Install(ctx context.Context, p Pair, id string) (string, error) {
	if err := grant.Check(ctx, grant.ImportCertificates); err != nil {
		return "", err
	}
	return g.Installer.Install(ctx, p, id)
}

// Config is how a server shows a certificate. Each has keys for session tickets of its own, so that
// no session that began under another certificate is taken up under this one.
func Config(c tls.Certificate) *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{c}, NextProtos: []string{"h2", "http/1.1"}}
}

// Describe tells about a certificate, without an id. Its Leaf must be set, as crypto/tls does by itself.
func Describe(c tls.Certificate) registry.Certificate {
	told := registry.Certificate{
		Subject: c.Leaf.Subject.String(), DNSNames: append([]string{}, c.Leaf.DNSNames...), Addresses: []string{},
		NotBefore: c.Leaf.NotBefore.UTC(), NotAfter: c.Leaf.NotAfter.UTC(), Fingerprint: fingerprint(c.Leaf.Raw),
	}
	for _, ip := range c.Leaf.IPAddresses {
		told.Addresses = append(told.Addresses, ip.String())
	}
	return told
}

func fingerprint(der []byte) string {
	return strings.ReplaceAll(fmt.Sprintf("% X", sha256.Sum256(der)), " ", ":")
}
