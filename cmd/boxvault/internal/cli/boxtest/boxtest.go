// Package boxtest makes box files for tests.
package boxtest

import (
	"archive/tar"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
)

// Box is a box file to be.
type Box struct {
	Provider     string
	Architecture string // left out of metadata.json when it is empty
	Size         int    // bytes of its disk
	Seed         byte   // another one makes another disk of the same size
}

// Write writes the box to a file: a plain tar archive with metadata.json and a disk of random bytes.
func (b Box) Write(path string) error {
	metadata := map[string]string{"provider": b.Provider}
	if b.Architecture != "" {
		metadata["architecture"] = b.Architecture
	}
	raw, err := json.Marshal(metadata)
	if err != nil {
		return err
	}
	disk := make([]byte, b.Size)
	rand.NewChaCha8([32]byte{b.Seed}).Read(disk)
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := tar.NewWriter(f)
	return errors.Join(add(w, "metadata.json", raw), add(w, "box.img", disk), w.Close(), f.Close())
}

func add(w *tar.Writer, name string, content []byte) error {
	if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(content))}); err != nil {
		return err
	}
	_, err := w.Write(content)
	return err
}
