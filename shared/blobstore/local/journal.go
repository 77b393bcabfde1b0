package local

import (
	"bytes"
	"encoding/json"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"github.com/boxvault/boxvault/shared/blobstore"
)

// The journal of an upload is a header, and then a record for every part that arrived, each a
// JSON object on a line. The last record of a part holds. It is only ever appended to, and a
// line begins with its line end: so a line that was torn (the process killed, the disk full)
// spoils no other, and as half a JSON object it is never taken for a record.

type header struct {
	Key      string `json:"key"`
	PartSize int64  `json:"partSize"`
	// Boot is the run of the machine in which the upload began. See trusted.
	Boot string `json:"boot"`
}

type record struct {
	blobstore.Part
	CRC uint32 `json:"crc32c"`
	// File is the name of the part's own file; empty when the part is in its place in data.
	File string `json:"file,omitempty"`
}

// dropped is the record of a part that is no longer there: it has no ETag.
func dropped(n int) record { return record{Part: blobstore.Part{Number: n}} }

func appendLine(dir string, line any) error {
	b, err := json.Marshal(line)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(dir, "journal"), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(append([]byte("\n"), b...))
	return errors.Join(err, f.Close())
}

// readHeader answers ErrNoUpload for a folder that holds none, or none any more.
func readHeader(dir string) (header, error) {
	var h header
	f, err := os.Open(filepath.Join(dir, "journal"))
	if errors.Is(err, fs.ErrNotExist) {
		return h, blobstore.ErrNoUpload
	}
	if err != nil {
		return h, err
	}
	defer f.Close()
	if err := json.NewDecoder(f).Decode(&h); err != nil {
		return h, blobstore.ErrNoUpload
	}
	if _, err := os.Stat(filepath.Join(dir, "data")); errors.Is(err, fs.ErrNotExist) {
		return h, blobstore.ErrNoUpload
	}
	return h, err
}

// readRecords returns the parts that have arrived, by number.
func readRecords(dir string) (map[int]record, error) {
	b, err := os.ReadFile(filepath.Join(dir, "journal"))
	if err != nil {
		return nil, err
	}
	parts := make(map[int]record)
	for line := range bytes.SplitSeq(b, []byte("\n")) {
		var r record
		if json.Unmarshal(line, &r) == nil && r.Number > 0 {
			parts[r.Number] = r
		}
	}
	maps.DeleteFunc(parts, func(_ int, r record) bool { return r.ETag == "" })
	return parts, nil
}

// trusted says whether what the journal tells about the bytes must be true. The bytes of a part
// are only waited for when the upload completes, so after a loss of power the journal may name
// parts whose bytes never reached the disk; as long as the machine runs, nothing is lost.
func (h header) trusted() bool { return h.Boot != "" && h.Boot == boot() }

// boot names this run of the machine; empty where the system does not tell.
func boot() string {
	b, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// intact reads a part and says whether it has the bytes that arrived.
func (r record) intact(dir string, partSize int64) bool {
	name, offset := r.place(partSize)
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return false
	}
	defer f.Close()
	sum := crc32.New(castagnoli)
	n, err := io.Copy(sum, io.NewSectionReader(f, offset, r.Size))
	return err == nil && n == r.Size && sum.Sum32() == r.CRC
}

// place is the file and the offset where the part begins.
func (r record) place(partSize int64) (file string, offset int64) {
	if r.File != "" {
		return r.File, 0
	}
	return "data", int64(r.Number-1) * partSize
}
