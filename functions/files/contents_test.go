package files_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
)

// archive is a tar archive with one entry.
func archive(t *testing.T, name, body string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(body))}); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, body); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func gzipped(t *testing.T, content []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(content); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func zipped(t *testing.T, name, body string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	entry, err := w.Create(name)
	if err == nil {
		_, err = io.WriteString(entry, body)
	}
	if err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestBoxesAreRecognizedByWhatIsInside(t *testing.T) {
	const metadata = `{"provider":"virtualbox"}`
	r, ada := start(t)
	policy(t, r, ada, `{"mutableReleases":true}`)
	for name, content := range map[string][]byte{
		"tar": archive(t, "metadata.json", metadata), "tar.gz": gzipped(t, archive(t, "./metadata.json", metadata)),
		"zip": zipped(t, "metadata.json", metadata),
	} {
		got := embeddedtest.JSON[api.UploadResult](t, r.Upload(t, ada, target, content).Want(t, 200))
		if got.File.Contents != "box" || got.Warning != "" {
			t.Errorf("%s is %s: %s", name, got.File.Contents, got.Warning)
		}
		wantFile(t, r, ada, file, content)
	}
}

func TestWhatIsNoBoxIsKeptWithAWarning(t *testing.T) {
	r, ada := start(t)
	policy(t, r, ada, `{"mutableReleases":true}`)
	for name, content := range map[string][]byte{
		"text": []byte("no archive at all"), "no metadata.json": archive(t, "disk.img", "x"), "broken metadata.json": archive(t, "metadata.json", "{"),
		"no metadata.json in a zip": zipped(t, "disk.img", "x"), "cut": virtualbox(t, "text")[:200],
	} {
		got := embeddedtest.JSON[api.UploadResult](t, r.Upload(t, ada, target, content).Want(t, 200))
		if got.File.Contents != "unrecognized" || got.Warning == "" {
			t.Errorf("%s is %s: %q", name, got.File.Contents, got.Warning)
		}
		if told := wantFile(t, r, ada, file, content); told.Contents != "unrecognized" || told.Warning != got.Warning {
			t.Errorf("%s is listed as %+v", name, told)
		}
	}
}

// An organization can demand real boxes.
func TestWhatIsNoBoxIsRefusedWhereBoxesAreDemanded(t *testing.T) {
	r, ada := start(t)
	policy(t, r, ada, `{"requireBoxes":true}`)
	for _, content := range [][]byte{[]byte("no archive at all"), archive(t, "disk.img", "x"), {}} {
		r.Upload(t, ada, target, content).WantError(t, 400, "UPLOAD_ERROR")
		wantNoFile(t, r, ada, file)
	}
	r.Upload(t, ada, target, virtualbox(t, "real")).Want(t, 200)
}

func TestABoxForAnotherProviderIsRefused(t *testing.T) {
	r, ada := start(t)
	good := virtualbox(t, "good")
	r.Do(t, "POST", box+"/version", ada, `{"version":"1.0.0","release":false}`).Want(t, 201)
	r.Upload(t, ada, target, good).Want(t, 200)
	for _, content := range [][]byte{coretest.BoxFile(t, "qemu", "x"), zipped(t, "metadata.json", `{"provider":"qemu"}`)} {
		a := r.Upload(t, ada, target, content).WantError(t, 400, "UPLOAD_ERROR")
		if d := embeddedtest.JSON[api.Error](t, a).Details; d["declared"] != "virtualbox" || d["found"] != "qemu" {
			t.Errorf("%s", a.Body)
		}
		wantFile(t, r, ada, file, good)
	}
}

func TestHostileArchivesAreRefused(t *testing.T) {
	r, ada := start(t)
	for name, content := range map[string][]byte{
		"path":        archive(t, "../../etc/cron.d/evil", "x"),
		"path in zip": zipped(t, "../evil", "x"),
		"absolute":    archive(t, "/etc/passwd", "x"),
		"bomb":        bomb(t),
	} {
		a := r.Upload(t, ada, target, content)
		if a.Status != 400 || embeddedtest.JSON[api.Error](t, a).Code != "UPLOAD_ERROR" {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
		wantNoFile(t, r, ada, file)
	}
	r.Sweep(t)
	if n := stored(t, r); n != 0 {
		t.Errorf("%d files of them are kept", n)
	}
}

// bomb is an archive with a disk of zeros that is a thousand times as large as the archive. The
// zeros are compressed once and repeated, as gzip allows.
func bomb(t *testing.T) []byte {
	t.Helper()
	const times, size = 20, 64 << 20
	var header bytes.Buffer
	if err := tar.NewWriter(&header).WriteHeader(&tar.Header{Name: "disk.img", Mode: 0o644, Size: times * size}); err != nil {
		t.Fatal(err)
	}
	return append(gzipped(t, header.Bytes()), bytes.Repeat(gzipped(t, make([]byte, size)), times)...)
}
