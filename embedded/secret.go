package embedded

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// readSecret reads the registry's secret, which is made on the first start: 32 random bytes in hex,
// for the eyes of its owner only. Without it sessions and links end; boxes and passwords do not.
func readSecret(path string) ([]byte, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return makeSecret(path)
	}
	if err != nil {
		return nil, fmt.Errorf("read the secret: %w", err)
	}
	secret, err := hex.DecodeString(strings.TrimSpace(string(raw)))
	if err != nil || len(secret) < 32 {
		return nil, fmt.Errorf("%s is damaged: delete it to get a new one; everyone then signs in again", path)
	}
	return secret, nil
}

func makeSecret(path string) ([]byte, error) {
	secret := make([]byte, 32)
	rand.Read(secret)
	// Written beside and renamed, so that a crash leaves no half of it.
	half := path + ".new"
	if err := writeSynced(half, hex.EncodeToString(secret)+"\n"); err != nil {
		return nil, fmt.Errorf("make the secret: %w", err)
	}
	return secret, os.Rename(half, path)
}

func writeSynced(path, text string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Sync(), f.Close())
}

// derive makes a key for one purpose out of the secret, so that none can stand in for another.
func derive(secret []byte, purpose string) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("boxvault " + purpose))
	return mac.Sum(nil)
}
