package cloudfront_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/blobstore/cloudfront"
	"github.com/boxvault/boxvault/shared/keyring"
)

func TestTheKeyOfARingSigns(t *testing.T) {
	secret, public, err := cloudfront.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	ring := keyring.Ring{{ID: "K1", Since: now, Secret: secret}, {ID: "K2", Since: now.Add(time.Hour), Secret: []byte("a later one")}}
	e, err := cloudfront.At("https://boxes.example.com", ring, now)
	if err != nil || e.KeyID != "K1" || e.URL != "https://boxes.example.com" {
		t.Fatalf("%+v signs, %v", e, err)
	}
	block, rest := pem.Decode([]byte(public))
	if block == nil || block.Type != "PUBLIC KEY" || len(rest) > 0 {
		t.Fatalf("the public key is %q", public)
	}
	if parsed, err := x509.ParsePKIXPublicKey(block.Bytes); err != nil || !e.Key.PublicKey.Equal(parsed) {
		t.Errorf("the public key is another one, %v", err)
	}
}

func TestAKeyThatDoesNotSignIsNotShown(t *testing.T) {
	other, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := x509.MarshalPKCS8PrivateKey(other)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	for _, ring := range []keyring.Ring{
		nil, {{ID: "K1", Since: now.Add(time.Hour), Secret: curve}}, {{ID: "K1", Secret: curve}}, {{ID: "K1", Secret: []byte("hunter2")}},
	} {
		if e, err := cloudfront.At("https://boxes.example.com", ring, now); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%+v signs, %v", e, err)
		}
	}
}
