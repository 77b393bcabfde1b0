package boxfile

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"strings"
	"testing"
)

func zipNote(t *testing.T, data []byte, text string) {
	t.Helper()
	got, err := InspectAt(bytes.NewReader(data), int64(len(data)))
	if err != nil || got.Kind != Unrecognized || got.Format != "zip" || !strings.Contains(got.Note, text) {
		t.Errorf("%+v, %v; want a note like %q", got, err, text)
	}
}

var zipBox = Contents{Kind: Box, Format: "zip", Provider: "virtualbox"}

func TestZipHostilePaths(t *testing.T) {
	for name, reason := range hostileNames {
		data := zipOf(t, zip.Deflate, file{"metadata.json", virtualbox}, file{name, ""})
		_, err := InspectAt(bytes.NewReader(data), int64(len(data)))
		if refused, ok := err.(*Refused); !ok || !strings.Contains(refused.Reason, reason) {
			t.Errorf("%s: %v; want it refused like %q", name, err, reason)
		}
	}
}

func TestZipThatIsNoBox(t *testing.T) {
	metadata := file{"metadata.json", virtualbox}
	zipNote(t, zipOf(t, zip.Deflate), "has no metadata.json")
	zipNote(t, zipOf(t, zip.Deflate, disk), "has no metadata.json")
	zipNote(t, zipOf(t, zip.Deflate, file{"box/metadata.json", virtualbox}), `it is at "box/metadata.json"`)
	zipNote(t, zipOf(t, zip.Deflate, file{"metadata.json", "{}"}), "names no provider")
	zipNote(t, zipOf(t, zip.Deflate, file{"metadata.json", strings.Repeat(" ", MaxMetadata+1)}), "larger than 1 MiB")
	zipNote(t, zipOf(t, zip.Deflate, file{"metadata.json/", ""}), "not a regular file")

	link := zip.FileHeader{Name: "metadata.json"}
	link.SetMode(fs.ModeSymlink | 0o777)
	zipNote(t, zipOfHeaders(t, []zip.FileHeader{link}, metadata), "not a regular file")
	locked := zip.FileHeader{Name: "metadata.json", Flags: 1}
	zipNote(t, zipOfHeaders(t, []zip.FileHeader{locked}, metadata), "is encrypted")

	data := zipOf(t, zip.Store, metadata)
	data[bytes.Index(data, []byte(zipDirectoryMagic))+10] = 14
	zipNote(t, data, "with method 14")
}

// TestZipComment: a comment behind the end record may look like one.
func TestZipComment(t *testing.T) {
	for _, comment := range []string{"a box", zipEndMagic + strings.Repeat("x", 40), strings.Repeat("c", 1<<16-1)} {
		var out bytes.Buffer
		w := zip.NewWriter(&out)
		must(t, w.SetComment(comment))
		entry, err := w.Create("metadata.json")
		must(t, err)
		_, err = entry.Write([]byte(virtualbox))
		must(t, err)
		must(t, w.Close())
		checkZip(t, out.Bytes(), zipBox)
	}
}

// zip64 moves the table of contents of data and the offset of its only entry to zip64 records, as
// archives of more than 4 GiB have them.
func zip64(data []byte) []byte {
	end := len(data) - zipEndLen
	start := int(le.Uint32(data[end+16:]))
	entry := bytes.Clone(data[start:end])
	var extra []byte
	extra = le.AppendUint16(extra, 0x7075) // some other field comes first
	extra = le.AppendUint16(extra, 2)
	extra = append(extra, "xx"...)
	extra = le.AppendUint16(extra, 1)
	extra = le.AppendUint16(extra, 16)
	extra = le.AppendUint64(extra, uint64(le.Uint32(entry[24:])))
	extra = le.AppendUint64(extra, uint64(le.Uint32(entry[42:])))
	le.PutUint32(entry[24:], zip64Offset) // the uncompressed size
	le.PutUint32(entry[42:], zip64Offset)
	le.PutUint16(entry[30:], uint16(len(extra)))
	entry = append(entry, extra...)

	out := append(bytes.Clone(data[:start]), entry...)
	at := len(out)
	record := make([]byte, zip64EndLen)
	copy(record, zip64EndMagic)
	le.PutUint64(record[4:], zip64EndLen-12)
	le.PutUint64(record[24:], 1) // entries
	le.PutUint64(record[32:], 1)
	le.PutUint64(record[40:], uint64(len(entry)))
	le.PutUint64(record[48:], uint64(start))
	locator := make([]byte, zip64LocatorLen)
	copy(locator, zip64LocatorMagic)
	le.PutUint64(locator[8:], uint64(at))
	le.PutUint32(locator[16:], 1) // disks
	last := bytes.Clone(data[end:])
	le.PutUint32(last[12:], zip64Offset)
	le.PutUint32(last[16:], zip64Offset)
	return append(append(append(out, record...), locator...), last...)
}

func TestZip64(t *testing.T) {
	data := zip64(zipOf(t, zip.Store, file{"metadata.json", virtualbox}))
	if r, err := zip.NewReader(bytes.NewReader(data), int64(len(data))); err != nil || len(r.File) != 1 {
		t.Fatalf("the test's own archive is wrong: %v", err)
	}
	checkZip(t, data, zipBox)
}

func TestZipDamaged(t *testing.T) {
	good := zipOf(t, zip.Store, disk, file{"metadata.json", virtualbox})
	end := len(good) - zipEndLen
	put := func(at int, v uint32) []byte {
		bad := bytes.Clone(good)
		le.PutUint32(bad[at:], v)
		return bad
	}
	zipNote(t, good[:len(good)-1], "ends too early")
	zipNote(t, good[:1000], "ends too early")
	zipNote(t, put(end+12, 1<<31), "is damaged")       // size of the table of contents
	zipNote(t, put(end+16, 1<<31), "is damaged")       // its offset
	zipNote(t, put(end+16, 10), "is damaged")          // not the table of contents
	zipNote(t, put(end+16, zip64Offset), "is damaged") // no zip64 record
	entry := bytes.LastIndex(good, []byte(zipDirectoryMagic))
	zipNote(t, put(entry+42, 1<<31), "ends too early")  // a local header out of the file
	zipNote(t, put(entry+42, 10), "is damaged")         // no local header
	zipNote(t, put(entry+28, 1<<15), "ends too early")  // a name longer than the table
	zipNote(t, put(entry+42, zip64Offset), "too early") // no zip64 field
}

func TestZip64Damaged(t *testing.T) {
	good := zip64(zipOf(t, zip.Store, file{"metadata.json", virtualbox}))
	locator := bytes.LastIndex(good, []byte(zip64LocatorMagic))
	for _, bad := range []struct {
		at   int
		to   uint64
		note string
	}{
		{locator, 0, "is damaged"},
		{locator + 8, 10, "is damaged"},
		{locator + 8, 1 << 40, "ends too early"},
		{locator + 8, 1 << 63, "is damaged"},
		{bytes.LastIndex(good, []byte(zip64EndMagic)) + 48, 1<<64 - 1, "is damaged"},
	} {
		data := bytes.Clone(good)
		le.PutUint64(data[bad.at:], bad.to)
		zipNote(t, data, bad.note)
	}
}

// TestZipTruncated: without its end a zip tells nothing.
func TestZipTruncated(t *testing.T) {
	good := zipOf(t, zip.Deflate, file{"metadata.json", virtualbox})
	for n := len(zipLocalMagic); n < len(good); n++ {
		zipNote(t, good[:n], "ends too early")
	}
}

// eagerEOF tells the end of the file with the last bytes, as an io.ReaderAt may.
type eagerEOF struct{ *bytes.Reader }

func (r eagerEOF) ReadAt(p []byte, off int64) (int, error) {
	n, err := r.Reader.ReadAt(p, off)
	if off+int64(n) == r.Size() {
		err = io.EOF
	}
	return n, err
}

func TestEagerEOF(t *testing.T) {
	data := zipOf(t, zip.Deflate, file{"metadata.json", virtualbox})
	if got, err := InspectAt(eagerEOF{bytes.NewReader(data)}, int64(len(data))); err != nil || got != zipBox {
		t.Errorf("%+v, %v", got, err)
	}
}

// claimed is a zip with a table of contents of n bytes that is not all there.
type claimed struct{ size int64 }

func (c claimed) ReadAt(p []byte, off int64) (int, error) {
	image := make([]byte, zipEndLen)
	copy(image, zipEndMagic)
	le.PutUint32(image[12:], uint32(c.size-zipEndLen))
	clear(p)
	for i := range p {
		switch at := off + int64(i); {
		case at < 4:
			p[i] = zipLocalMagic[at]
		case at >= c.size-zipEndLen:
			p[i] = image[at-(c.size-zipEndLen)]
		}
	}
	return len(p), nil
}

func TestZipLargeDirectory(t *testing.T) {
	const size = 3 << 30
	got, err := InspectAt(claimed{size}, size)
	if err != nil || !strings.Contains(got.Note, "larger than 16 MiB") {
		t.Errorf("%+v, %v", got, err)
	}
}
