package embedded

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/boxvault/boxvault/shared/auth/tokenkeys"
	"github.com/boxvault/boxvault/shared/keyring"
)

// secretName is the file of the registry's keys in the data folder. Without it sessions and links end; boxes and passwords do not.
const secretName = "secret"

// secretFile is that file, for the eyes of its owner only. It is a tokenkeys.Place.
//
// Root rotates the keys of a registry that runs as somebody else, and that one can put links into its folder: none is
// followed out of it.
type secretFile string

// Read reads the keys: a ring, or in a file of a version that knew but one key, 32 bytes or more in hex.
func (f secretFile) Read(context.Context) (keyring.Ring, error) {
	var raw []byte
	err := f.inFolder(func(folder *os.Root, name string) (err error) {
		raw, err = folder.ReadFile(name)
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the secret: %w", err)
	}
	ring, err := parseSecret(strings.TrimSpace(string(raw)))
	if err != nil {
		return nil, fmt.Errorf("%s is damaged: delete it to get a new one; everyone then signs in again", f)
	}
	return ring, nil
}

func parseSecret(text string) (keyring.Ring, error) {
	if strings.HasPrefix(text, "[") {
		return keyring.Parse(text)
	}
	secret, err := hex.DecodeString(text)
	if err != nil {
		return nil, err
	}
	return keyring.OfOne(secret)
}

// Write writes beside and renames, so that a crash leaves no half of it.
func (f secretFile) Write(_ context.Context, ring keyring.Ring) error {
	err := f.inFolder(func(folder *os.Root, name string) error {
		half := name + ".new"
		if err := folder.Remove(half); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := writeSynced(folder, half, ring.Text()+"\n", name); err != nil {
			return err
		}
		if err := folder.Rename(half, name); err != nil {
			return err
		}
		return syncDir(folder)
	})
	if err != nil {
		return fmt.Errorf("write the secret: %w", err)
	}
	return nil
}

// inFolder opens the folder of the file, and calls do with it and the file's name in it.
func (f secretFile) inFolder(do func(folder *os.Root, name string) error) error {
	folder, err := os.OpenRoot(filepath.Dir(string(f)))
	if err != nil {
		return err
	}
	return errors.Join(do(folder, filepath.Base(string(f))), folder.Close())
}

// Lock waits until nobody else changes the file. It locks the folder, which leaves no file behind that is somebody's.
func (f secretFile) Lock(context.Context) (unlock func(), err error) {
	dir, err := os.Open(filepath.Dir(string(f)))
	if err != nil {
		return nil, fmt.Errorf("lock the secret: %w", err)
	}
	if err := lockFile(dir); err != nil {
		return nil, fmt.Errorf("lock the secret: %w", errors.Join(err, dir.Close()))
	}
	return func() { _ = dir.Close() }, nil
}

// writeSynced makes a file that is not there yet, with the owner of another one.
func writeSynced(folder *os.Root, name, text, like string) error {
	f, err := folder.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, ownAs(f, folder, like), f.Sync(), f.Close())
}

// keys are those for one purpose, made out of the file's so that none can stand in for another.
func (f secretFile) keys(purpose string, now func() time.Time) keyring.Source {
	cache := &keyring.Cache{Now: now, Read: func(ctx context.Context) (keyring.Ring, error) {
		ring, err := f.Read(ctx)
		for i, k := range ring {
			mac := hmac.New(sha256.New, k.Secret)
			mac.Write([]byte("boxvault " + purpose))
			ring[i].Secret = mac.Sum(nil)
		}
		return ring, err
	}}
	return cache.Ring
}

// RotateKeys makes the next key of the registry in a data folder, which may be running, and returns since when each key
// signs; with endAll it is the only one, and signs at once. The process takes it up within keyring.Fresh.
func RotateKeys(ctx context.Context, data string, endAll bool, now func() time.Time) (keyring.Ring, error) {
	place := secretFile(filepath.Join(data, secretName))
	if _, err := os.Stat(string(place)); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no registry in %s: say with --data where it is", data)
	}
	keeper, change := tokenkeys.Keeper{Place: place, Now: now}, tokenkeys.Keeper.Rotate
	if endAll {
		change = tokenkeys.Keeper.EndAll
	}
	return change(keeper, ctx)
}
