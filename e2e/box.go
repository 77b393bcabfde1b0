package e2e

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
)

// Box says what Vagrant box to make. It is a real one, but that its disk is noise.
type Box struct {
	Provider     string
	Architecture string // empty: metadata.json names none, as before Vagrant 2.4
	Disk         int64  // bytes; the file is a little larger
	Seed         uint64 // another seed makes another box
}

// BoxFile is a box on disk.
type BoxFile struct {
	Path   string
	Size   int64  // bytes
	SHA256 string // hex
}

// Write makes the box at path.
func (b Box) Write(path string) (BoxFile, error) {
	f, err := os.Create(path)
	if err != nil {
		return BoxFile{}, err
	}
	defer f.Close()
	sum := sha256.New()
	if err := b.pack(io.MultiWriter(f, sum)); err != nil {
		return BoxFile{}, fmt.Errorf("make a box: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		return BoxFile{}, err
	}
	return BoxFile{Path: path, Size: info.Size(), SHA256: hex.EncodeToString(sum.Sum(nil))}, f.Close()
}

const (
	vagrantfile = "Vagrant.configure(\"2\") { |config| config.vm.synced_folder \".\", \"/vagrant\", disabled: true }\n"
	machine     = "<?xml version=\"1.0\"?>\n<Envelope ovf:version=\"1.0\" xmlns=\"http://schemas.dmtf.org/ovf/envelope/1\"/>\n"
)

// pack writes the archive, in the order in which Vagrant itself packs boxes.
func (b Box) pack(w io.Writer) error {
	zipped, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return err
	}
	metadata, err := json.Marshal(struct {
		Provider     string `json:"provider"`
		Architecture string `json:"architecture,omitempty"`
	}{b.Provider, b.Architecture})
	if err != nil {
		return err
	}
	archive := tar.NewWriter(zipped)
	for _, file := range []struct{ name, text string }{
		{"metadata.json", string(metadata)}, {"Vagrantfile", vagrantfile}, {"box.ovf", machine},
	} {
		if err := add(archive, file.name, int64(len(file.text)), file.text); err != nil {
			return err
		}
	}
	if err := b.addDisk(archive); err != nil {
		return err
	}
	if err := archive.Close(); err != nil {
		return err
	}
	return zipped.Close()
}

func add(archive *tar.Writer, name string, size int64, text string) error {
	if err := archive.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: size}); err != nil {
		return err
	}
	_, err := io.WriteString(archive, text)
	return err
}

// addDisk adds bytes that do not compress.
func (b Box) addDisk(archive *tar.Writer) error {
	if err := add(archive, "box-disk001.vmdk", b.Disk, ""); err != nil {
		return err
	}
	var seed [32]byte
	binary.LittleEndian.PutUint64(seed[:], b.Seed)
	_, err := io.CopyN(archive, rand.NewChaCha8(seed), b.Disk)
	return err
}
