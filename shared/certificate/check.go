package certificate

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Bounds of what is written down about a certificate. ACM, too, takes no more than 100 names unless
// it is asked to.
const (
	maxSubject = 1024
	maxNames   = 100
	maxName    = 253 // RFC 1035, 2.3.4, less what the wire format adds
)

// checkChain says why a chain would be refused by clients, or could not be written down.
func checkChain(chain []*x509.Certificate, now time.Time) error {
	for i, c := range chain {
		if now.After(c.NotAfter) {
			return fmt.Errorf("number %d has expired, on %s", i+1, c.NotAfter.UTC().Format(time.RFC3339))
		}
		if now.Before(c.NotBefore) {
			return fmt.Errorf("number %d is not valid before %s", i+1, c.NotBefore.UTC().Format(time.RFC3339))
		}
	}
	if err := checkOrder(chain); err != nil {
		return err
	}
	return checkLeaf(chain[0])
}

// checkOrder holds that each certificate was issued by the one behind it, the registry's own being
// the first (RFC 5246, 7.4.2: later versions of TLS let servers be careless, ACM and many clients do not).
func checkOrder(chain []*x509.Certificate) error {
	if len(chain) > 1 && chain[0].IsCA {
		return errors.New("must begin with the registry's own certificate, and number 1 is an issuer's")
	}
	for i, c := range chain[:len(chain)-1] {
		issuer := chain[i+1]
		if !bytes.Equal(c.RawIssuer, issuer.RawSubject) || c.CheckSignatureFrom(issuer) != nil {
			return fmt.Errorf("must have each certificate before the one that it was issued by: number %d was not issued by number %d", i+1, i+2)
		}
	}
	return nil
}

func checkLeaf(c *x509.Certificate) error {
	uses := c.ExtKeyUsage
	switch {
	case len(uses) > 0 && !slices.Contains(uses, x509.ExtKeyUsageServerAuth) && !slices.Contains(uses, x509.ExtKeyUsageAny):
		return errors.New("is not for servers: its extended key usage lacks serverAuth")
	case !strong(c.PublicKey):
		return errors.New("must have a key that clients accept: RSA of 2048 bits or more, ECDSA on P-256, P-384 or P-521, or Ed25519")
	case len(c.Subject.String()) > maxSubject || len(c.DNSNames)+len(c.IPAddresses) > maxNames || slices.ContainsFunc(c.DNSNames, tooLong):
		return errors.New("must have at most 100 host names, each of at most 253 characters, and a subject of at most 1024")
	}
	return nil
}

func tooLong(name string) bool { return len(name) > maxName }

func strong(key crypto.PublicKey) bool {
	switch key := key.(type) {
	case *rsa.PublicKey:
		return key.N.BitLen() >= 2048
	case *ecdsa.PublicKey:
		return key.Curve == elliptic.P256() || key.Curve == elliptic.P384() || key.Curve == elliptic.P521()
	case ed25519.PublicKey:
		return true
	default:
		return false
	}
}
