package certificate

import (
	"bytes"
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/boxvault/boxvault/shared/registry"
)

// MaxSize is the most bytes that a certificate with its chain has, and a key.
const MaxSize = 64 << 10

const (
	certificateBlock = "CERTIFICATE"
	keyBlock         = "PRIVATE KEY"
)

// Parse reads a certificate with its chain and its key, both PEM, as they are uploaded in the fields
// `cert` and `key`. What is wrong with either is told at once, by field.
func Parse(cert, key []byte, now time.Time) (Pair, error) {
	var wrong registry.Fields
	chain, err := parseChain(cert)
	if err == nil {
		err = checkChain(chain, now)
	}
	wrong.Check("cert", err)
	private, err := parseKey(key)
	wrong.Check("key", err)
	if err := wrong.Err(); err != nil {
		return Pair{}, err
	}
	public, ok := private.Public().(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !public.Equal(chain[0].PublicKey) {
		return Pair{}, registry.Wrong("key", "is not the key of the certificate")
	}
	return newPair(chain, private)
}

func newPair(chain []*x509.Certificate, key crypto.Signer) (Pair, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return Pair{}, err
	}
	p := Pair{
		Key: pem.EncodeToMemory(&pem.Block{Type: keyBlock, Bytes: der}),
		TLS: tls.Certificate{PrivateKey: key, Leaf: chain[0]},
	}
	for i, c := range chain {
		to := &p.Chain
		if i == 0 {
			to = &p.Leaf
		}
		*to = append(*to, pem.EncodeToMemory(&pem.Block{Type: certificateBlock, Bytes: c.Raw})...)
		p.TLS.Certificate = append(p.TLS.Certificate, c.Raw)
	}
	return p, nil
}

// blocks reads every PEM block of a text; what stands between them is nobody's business.
func blocks(text []byte) ([]*pem.Block, error) {
	if len(text) > MaxSize {
		return nil, errors.New("must have at most 64 KiB")
	}
	var list []*pem.Block
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		list = append(list, block)
	}
	if len(list) == 0 || len(list) != bytes.Count(text, []byte("-----BEGIN ")) {
		return nil, errors.New("must be PEM: text with -----BEGIN … and -----END … around it")
	}
	return list, nil
}

func parseChain(text []byte) (chain []*x509.Certificate, err error) {
	list, err := blocks(text)
	if err != nil {
		return nil, err
	}
	for i, block := range list {
		if block.Type != certificateBlock {
			return nil, fmt.Errorf("must have certificates only, number %d is called %.40q", i+1, block.Type)
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("number %d is no certificate: %w", i+1, err)
		}
		chain = append(chain, c)
	}
	return chain, nil
}

// parseKey reads a key in any of the forms that openssl writes. Parameters of a curve may stand before it.
func parseKey(text []byte) (crypto.Signer, error) {
	list, err := blocks(text)
	if err != nil {
		return nil, err
	}
	var key crypto.Signer
	for _, block := range list {
		switch {
		case block.Type == "EC PARAMETERS":
			continue
		case strings.HasPrefix(block.Type, "ENCRYPTED") || strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED"):
			return nil, errors.New("is encrypted: send it without a passphrase")
		case key != nil:
			return nil, errors.New("must be one key")
		}
		if key, err = parsePrivate(block); err != nil {
			return nil, err
		}
	}
	if key == nil {
		return nil, errors.New("must be a private key")
	}
	return key, nil
}

func parsePrivate(block *pem.Block) (key crypto.Signer, err error) {
	var parsed any
	switch block.Type {
	case keyBlock:
		parsed, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "RSA PRIVATE KEY":
		parsed, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		parsed, err = x509.ParseECPrivateKey(block.Bytes)
	}
	key, ok := parsed.(crypto.Signer)
	if err != nil || !ok { // what exactly is wrong would quote the key
		return nil, errors.New("must be a private key that is good for TLS: RSA, ECDSA or Ed25519")
	}
	return key, nil
}
