// Package local keeps the certificate of a registry that is one process, in a file beside its other
// data.
package local

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/boxvault/boxvault/shared/certificate"
	"github.com/boxvault/boxvault/shared/registry"
)

// Store is a certificate in a file, or none yet. The file is PEM: certificate, chain and key, in one
// so that there is never one without the other. It is safe for use at the same time; the folder must
// belong to this process alone.
type Store struct {
	path   string
	mu     sync.Mutex // held by who writes the file
	config atomic.Pointer[tls.Config]
}

var _ certificate.Installer = (*Store)(nil)

// Open reads the file, if it is there.
func Open(path string) (*Store, error) {
	s := &Store{path: path}
	// What a process left unfinished has a key in it.
	if err := os.Remove(s.half()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("clear up beside the certificate: %w", err)
	}
	pair, err := tls.LoadX509KeyPair(path, path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return s, nil
	case err != nil:
		return nil, fmt.Errorf("%s is damaged: upload the certificate again once it is deleted: %w", path, err)
	}
	s.config.Store(certificate.Config(pair))
	return s, nil
}

// Config is what connections are to use that begin now; nil when there is no certificate.
func (s *Store) Config() *tls.Config { return s.config.Load() }

// Install writes a pair to the file and has Config tell it. There is one certificate, which needs
// no id.
func (s *Store) Install(_ context.Context, p certificate.Pair, _ string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.write(slices.Concat(p.Leaf, p.Chain, p.Key)); err != nil {
		if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
			return "", registry.Errorf(registry.Full, "the registry has no room left")
		}
		return "", fmt.Errorf("keep the certificate: %w", err)
	}
	s.config.Store(certificate.Config(p.TLS))
	return "", nil
}

func (s *Store) half() string { return s.path + ".new" }

// write replaces the file by renaming, so that a crash leaves the one or the other.
func (s *Store) write(text []byte) error {
	f, err := os.OpenFile(s.half(), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(s.half()))
	}
	if err := os.Rename(s.half(), s.path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(s.path))
}

// syncDir waits until the names in a folder are on the disk. Windows has no way to ask for that.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
