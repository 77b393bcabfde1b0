package boxfile

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"math/rand"
	"strings"
	"testing"
	"testing/iotest"
)

// ways are all the ways to have a file inspected. They must come to the same result.
var ways = []struct {
	name    string
	streams bool
	inspect func(data []byte) (Contents, error)
}{
	{"stream", true, func(data []byte) (Contents, error) { return Inspect(bytes.NewReader(data)) }},
	{"stream of single bytes", true, func(data []byte) (Contents, error) {
		return Inspect(iotest.OneByteReader(bytes.NewReader(data)))
	}},
	{"on disk", false, func(data []byte) (Contents, error) {
		return InspectAt(bytes.NewReader(data), int64(len(data)))
	}},
	{"pushed at once", true, func(data []byte) (Contents, error) {
		return push(data, func() int { return len(data) })
	}},
	{"pushed byte by byte", true, func(data []byte) (Contents, error) {
		return push(data, func() int { return 1 })
	}},
	{"pushed in pieces", true, func(data []byte) (Contents, error) {
		sizes := rand.New(rand.NewSource(1))
		return push(data, func() int { return 1 + sizes.Intn(2*pieceSize) })
	}},
}

func push(data []byte, size func() int) (Contents, error) {
	in := NewInspector()
	for len(data) > 0 {
		n := min(size(), len(data))
		if written, err := in.Write(data[:n]); written != n || err != nil {
			return Contents{}, errors.New("an Inspector refused bytes")
		}
		data = data[n:]
	}
	return in.Result()
}

// check inspects data in all ways.
func check(t *testing.T, data []byte, want Contents) {
	t.Helper()
	for _, way := range ways {
		if got, err := way.inspect(data); err != nil || got != want {
			t.Errorf("%s: %+v, %v; want %+v", way.name, got, err, want)
		}
	}
}

// checkZip inspects a zip archive, which cannot stream by.
func checkZip(t *testing.T, data []byte, want Contents) {
	t.Helper()
	if got, err := InspectAt(bytes.NewReader(data), int64(len(data))); err != nil || got != want {
		t.Errorf("on disk: %+v, %v; want %+v", got, err, want)
	}
	for _, way := range ways {
		if got, err := way.inspect(data); way.streams && err != ErrNeedsReaderAt {
			t.Errorf("%s: %+v, %v; want ErrNeedsReaderAt", way.name, got, err)
		}
	}
}

// checkNote inspects data that are not recognized for the reason that note is part of.
func checkNote(t *testing.T, data []byte, format, note string) {
	t.Helper()
	for _, way := range ways {
		got, err := way.inspect(data)
		if err != nil || got.Kind != Unrecognized || got.Provider != "" || got.Format != format || !strings.Contains(got.Note, note) {
			t.Errorf("%s: %+v, %v; want an unrecognized %q with a note like %q", way.name, got, err, format, note)
		}
	}
}

// checkRefused inspects data that are refused for the reason that reason is part of.
func checkRefused(t *testing.T, data []byte, reason string) {
	t.Helper()
	for _, way := range ways {
		_, err := way.inspect(data)
		var refused *Refused
		if !errors.As(err, &refused) || !strings.Contains(refused.Reason, reason) {
			t.Errorf("%s: %v; want it refused like %q", way.name, err, reason)
		}
	}
}

func TestInspectFormats(t *testing.T) {
	packings := []struct {
		format string
		pack   func(testing.TB, []byte) []byte
	}{
		{"tar", func(_ testing.TB, p []byte) []byte { return p }},
		{"tar+gzip", gzipOf},
		{"tar+bzip2", bzip2Of},
		{"tar+xz", xzOf},
		{"tar+zstd", zstdOf},
	}
	for name, files := range placements() {
		for _, p := range packings {
			t.Run(p.format+" "+name, func(t *testing.T) {
				check(t, p.pack(t, tarOf(t, files...)), Contents{Kind: Box, Format: p.format, Provider: "virtualbox"})
			})
		}
	}
}

// placements are boxes with metadata.json first and last, by each of its names.
func placements() map[string][]file {
	boxes := make(map[string][]file)
	for _, name := range []string{"metadata.json", "./metadata.json"} {
		metadata := file{name, virtualbox}
		boxes[name+" first"] = []file{metadata, disk}
		boxes[name+" last"] = []file{{"Vagrantfile", "# none"}, disk, metadata}
	}
	return boxes
}

func TestInspectZip(t *testing.T) {
	for name, files := range placements() {
		for method, methodName := range map[uint16]string{zip.Store: "stored", zip.Deflate: "deflated"} {
			t.Run(name+" "+methodName, func(t *testing.T) {
				checkZip(t, zipOf(t, method, files...), Contents{Kind: Box, Format: "zip", Provider: "virtualbox"})
			})
		}
	}
}

func TestInspectNoArchive(t *testing.T) {
	random := noise(2, 300_000)
	metadata := []byte(virtualbox)

	checkNote(t, nil, "", "is empty")
	checkNote(t, []byte{0}, "", "no archive")
	checkNote(t, []byte{0x1f}, "", "no archive")
	checkNote(t, random, "", "no archive")
	checkNote(t, random[:511], "", "no archive")
	checkNote(t, make([]byte, 100_000), "", "no archive")
	checkNote(t, metadata, "", "no archive")
	checkNote(t, gzipOf(t, nil), "", "Gzip data, but no tar")
	checkNote(t, gzipOf(t, metadata), "", "Gzip data, but no tar")
	checkNote(t, gzipOf(t, random), "", "Gzip data, but no tar")
	checkNote(t, gzipOf(t, gzipOf(t, tarOf(t, file{"metadata.json", virtualbox}))), "", "Gzip data, but no tar")
	checkNote(t, zstdOf(t, random), "", "Zstd data, but no tar")
	checkNote(t, xzOf(t, metadata), "", "Xz data, but no tar")
}

func TestInspectArchiveThatIsNoBox(t *testing.T) {
	archive := tarOf(t, disk)
	checkNote(t, archive, "tar", "has no metadata.json")
	checkNote(t, gzipOf(t, archive), "tar+gzip", "has no metadata.json")
	inFolder := tarOf(t, file{"ubuntu/metadata.json", virtualbox}, disk)
	checkNote(t, inFolder, "tar", `it is at "ubuntu/metadata.json"`)
}

func TestInspectFirstVagrantFormat(t *testing.T) {
	for _, name := range []string{"box.ovf", "./box.ovf"} {
		data := gzipOf(t, tarOf(t, file{name, "<Envelope/>"}, disk))
		got, err := Inspect(bytes.NewReader(data))
		if err != nil || got.Kind != Box || got.Provider != "virtualbox" || !strings.Contains(got.Note, "1.0 format") {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	checkNote(t, tarOf(t, file{"disks/box.ovf", "<Envelope/>"}), "tar", "has no metadata.json")
}

func TestInspectStopsAtMetadata(t *testing.T) {
	broken := errors.New("no more may be read")
	for name, pack := range map[string]func(testing.TB, []byte) []byte{
		"tar": func(_ testing.TB, p []byte) []byte { return p }, "tar+gzip": gzipOf,
	} {
		data := pack(t, tarOf(t, file{"metadata.json", virtualbox}, file{"disk.img", string(noise(3, 1<<20))}))
		r := io.MultiReader(bytes.NewReader(data[:len(data)/2]), iotest.ErrReader(broken))
		if got, err := Inspect(r); err != nil || got.Provider != "virtualbox" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// TestInspectUnreadableSource tells a file that cannot be read from one that is damaged.
func TestInspectUnreadableSource(t *testing.T) {
	data := tarOf(t, disk, file{"metadata.json", virtualbox})
	for _, broken := range []error{errors.New("connection reset"), io.ErrUnexpectedEOF} {
		for name, pack := range map[string]func(testing.TB, []byte) []byte{
			"tar": func(_ testing.TB, p []byte) []byte { return p }, "tar+gzip": gzipOf, "tar+xz": xzOf,
		} {
			packed := pack(t, data)
			for _, cut := range []int{0, 5, len(packed) / 2} {
				r := io.MultiReader(bytes.NewReader(packed[:cut]), iotest.ErrReader(broken))
				if got, err := Inspect(r); !errors.Is(err, broken) {
					t.Errorf("%s cut at %d: %+v, %v; want %v", name, cut, got, err, broken)
				}
			}
		}
	}
}

// brokenFile is a file whose bytes from good on cannot be read.
type brokenFile struct {
	*bytes.Reader
	good int64
}

var errDisk = errors.New("input/output error")

func (f brokenFile) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) > f.good {
		return 0, errDisk
	}
	return f.Reader.ReadAt(p, off)
}

func TestInspectAtUnreadableSource(t *testing.T) {
	files := []file{disk, {"metadata.json", virtualbox}}
	for name, data := range map[string][]byte{"tar": tarOf(t, files...), "zip": zipOf(t, zip.Store, files...)} {
		for _, good := range []int64{0, 600} {
			f := brokenFile{bytes.NewReader(data), good}
			if got, err := InspectAt(f, int64(len(data))); !errors.Is(err, errDisk) {
				t.Errorf("%s readable up to %d: %+v, %v", name, good, got, err)
			}
		}
	}
}
