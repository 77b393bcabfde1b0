package idempotency

import (
	"bytes"
	"compress/flate"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"

	"github.com/boxvault/boxvault/shared/route"
)

// derive makes the key that an answer is encrypted with.
func derive(secret []byte, who string) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("idempotency\n" + who))
	return mac.Sum(nil)
}

func (n note) cipher() (cipher.AEAD, error) {
	block, err := aes.NewCipher(derive(n.key.Secret, n.who))
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// seal packs an answer and encrypts it (AES-256-GCM, the nonce in front). The presigned URLs of 500
// parts would not fit into a record as they are; they differ in number and signature only.
func (n note) seal(a route.Reply) ([]byte, error) {
	aead, err := n.cipher()
	if err != nil {
		return nil, err
	}
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestSpeed)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(json.NewEncoder(w).Encode(a), w.Close()); err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize())
	rand.Read(nonce)
	return aead.Seal(nonce, nonce, packed.Bytes(), []byte(n.name)), nil
}

// open is the inverse of seal.
func (n note) open(sealed []byte) (a route.Reply, err error) {
	aead, err := n.cipher()
	if err != nil {
		return a, err
	}
	if len(sealed) < aead.NonceSize() {
		return a, io.ErrUnexpectedEOF
	}
	nonce, text := sealed[:aead.NonceSize()], sealed[aead.NonceSize():]
	packed, err := aead.Open(nil, nonce, text, []byte(n.name))
	if err != nil {
		return a, err
	}
	err = json.NewDecoder(flate.NewReader(bytes.NewReader(packed))).Decode(&a)
	return a, err
}
