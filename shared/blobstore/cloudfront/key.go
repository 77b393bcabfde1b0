package cloudfront

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"time"

	"github.com/boxvault/boxvault/shared/keyring"
)

// How keys follow one another.
const (
	// Fresh is how long a function goes by the ring that it read.
	Fresh = keyring.Fresh
	// Ahead is how long a new key is known before it signs: every function has read the ring again by
	// then, and CloudFront has brought the public key to all its locations, which takes some minutes.
	Ahead = keyring.Ahead
)

// NewKey makes a pair of keys: the secret of a ring, and the public half as CloudFront takes it (PEM). Of what
// CloudFront takes (docs.aws.amazon.com/cloudfront/latest/APIReference/API_PublicKeyConfig.html) it is
// ECDSA on P-256, which signs some 35 times faster than RSA.
func NewKey() (secret []byte, public string, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, "", err
	}
	if secret, err = x509.MarshalPKCS8PrivateKey(key); err != nil {
		return nil, "", err
	}
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	return secret, string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), err
}

// At returns the distribution at a URL, with the key of a ring that signs now.
func At(url string, ring keyring.Ring, now time.Time) (*Edge, error) {
	current, ok := ring.Current(now)
	if !ok {
		return nil, errors.New("no key signs links yet")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(current.Secret)
	key, is := parsed.(*ecdsa.PrivateKey)
	if err != nil || !is || key.Curve != elliptic.P256() {
		return nil, fmt.Errorf("the key %s is not one of ECDSA on P-256", current.ID)
	}
	return &Edge{URL: url, KeyID: current.ID, Key: key}, nil
}
