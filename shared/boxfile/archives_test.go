package boxfile

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/bzip2"
	"encoding/base64"
	"fmt"
	"io"
	"math/rand"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
)

const virtualbox = `{"provider":"virtualbox"}`

// file is an entry of an archive that a test makes.
type file struct {
	name, body string
}

var disk = file{"box-disk001.vmdk", string(bytes.Repeat([]byte("sector of a disk"), 1000))}

// tarOf makes a tar archive; the bytes depend on nothing else.
func tarOf(t testing.TB, files ...file) []byte {
	t.Helper()
	headers := make([]tar.Header, len(files))
	for i, f := range files {
		headers[i] = tar.Header{Name: f.name, Typeflag: tar.TypeReg, Mode: 0o644, Size: int64(len(f.body))}
	}
	return tarOfHeaders(t, headers, files...)
}

// tarOfHeaders makes a tar archive of entries of any type.
func tarOfHeaders(t testing.TB, headers []tar.Header, files ...file) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for i := range headers {
		must(t, w.WriteHeader(&headers[i]))
		if i < len(files) {
			_, err := io.WriteString(w, files[i].body)
			must(t, err)
		}
	}
	must(t, w.Close())
	return out.Bytes()
}

// zipOf makes a zip archive. method is zip.Store or zip.Deflate.
func zipOf(t testing.TB, method uint16, files ...file) []byte {
	t.Helper()
	headers := make([]zip.FileHeader, len(files))
	for i, f := range files {
		headers[i] = zip.FileHeader{Name: f.name, Method: method}
	}
	return zipOfHeaders(t, headers, files...)
}

func zipOfHeaders(t testing.TB, headers []zip.FileHeader, files ...file) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i := range headers {
		entry, err := w.CreateHeader(&headers[i])
		must(t, err)
		_, err = io.WriteString(entry, files[i].body)
		must(t, err)
	}
	must(t, w.Close())
	return out.Bytes()
}

func gzipOf(t testing.TB, p []byte) []byte {
	return compressed(t, p, func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(w), nil })
}

func zstdOf(t testing.TB, p []byte) []byte {
	return compressed(t, p, func(w io.Writer) (io.WriteCloser, error) { return zstd.NewWriter(w) })
}

// zstdStream compresses as for a file of unknown length, which needs the whole window.
func zstdStream(t testing.TB, p []byte, window int) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := zstd.NewWriter(&out, zstd.WithWindowSize(window))
	must(t, err)
	for _, part := range [][]byte{p[:len(p)/2], p[len(p)/2:]} {
		_, err = w.Write(part)
		must(t, err)
		must(t, w.Flush())
	}
	must(t, w.Close())
	return out.Bytes()
}

func xzOf(t testing.TB, p []byte) []byte { return xzWith(t, xz.WriterConfig{}, p) }

func xzWith(t testing.TB, c xz.WriterConfig, p []byte) []byte {
	return compressed(t, p, func(w io.Writer) (io.WriteCloser, error) { return c.NewWriter(w) })
}

func compressed(t testing.TB, p []byte, open func(io.Writer) (io.WriteCloser, error)) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := open(&out)
	must(t, err)
	_, err = w.Write(p)
	must(t, err)
	must(t, w.Close())
	return out.Bytes()
}

// bzip2Of returns what bzip2 at level 9 made of p, as there is no bzip2 writer for Go. It knows only
// the archives of TestInspectFormats and TestBombs. For another it fails and prints that archive:
// compress it and add the output in base64.
func bzip2Of(t testing.TB, p []byte) []byte {
	t.Helper()
	for _, text := range bzip2Fixtures {
		packed, err := base64.StdEncoding.DecodeString(text)
		must(t, err)
		plain, err := io.ReadAll(bzip2.NewReader(bytes.NewReader(packed)))
		must(t, err)
		if bytes.Equal(plain, p) {
			return packed
		}
	}
	t.Fatalf("no bzip2 fixture for this archive; gzipped, in base64: %s", base64.StdEncoding.EncodeToString(gzipOf(t, p)))
	return nil
}

// noise is n bytes that do not compress, the same for the same seed.
func noise(seed int64, n int) []byte {
	p := make([]byte, n)
	rand.New(rand.NewSource(seed)).Read(p)
	return p
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// setSize sets the size of the first entry of a tar archive.
func setSize(archive []byte, size int64) {
	copy(archive[124:], fmt.Sprintf("%011o\x00", size))
	sealTar(archive)
}

// sealTar writes the checksum of the tar header that data begins with, after it was changed.
func sealTar(data []byte) {
	sum := data[148:156]
	copy(sum, "        ")
	total := 0
	for _, b := range data[:512] {
		total += int(b)
	}
	copy(sum, fmt.Sprintf("%06o\x00", total))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var bzip2Fixtures = []string{
	"QlpoOTFBWSZTWcyBwegABg7b0dqAUAP9lGAAfz/fSiAABAAEAAAIMAD4AwMgyAAxGgyGQGGBkGQAGI0GQyAwRUQBJ5IbIm0NQNDR" +
		"tHqlpn7xJUkDSDRSAHlh9lQYEDZbeQKwCAMD2ARV4gIq1oIq6b9DtRb6Wm0grqMogvLOcMyA400zEY4wcdRNlPluMywnp4zDrARV" +
		"6mkDn0l+AIq7ulfOCoKv92ARVsjoAir3JkEVeUKEEVbJ/2msBFWi8BFX56mywqARV19/HNUFWUUEVZbSuq4kAirdfIuvwiXTbxP8" +
		"XckU4UJDMgcHoA==",
	"QlpoOTFBWSZTWYhjLcEAE/db0dqAUAN/lEgAfz/fSiAABAAEAAAIMAD4AwMgyAAxGgyGQGGBkGQAGI0GQyAwRUQMpHlPU9TTR6Go" +
		"GjIeU2pM9PeJrWQNINVYAX38ywMCBhsuIEgCAMD2ARV4gIqyQRV0x0KZyNpBWZbEF45UhkQHCqJXhQz4ZRpxqx3GTsLLOFA3gIq/" +
		"pnA5dNeYCKvl0lygqCr+aAIqzjmAir/FCCKv3CpBFWdPWuQCKtVwCKvLM8JlgCKvd1v9VQVdYoIq67iVlpqAirbdqW3bYltGIn+L" +
		"uSKcKEhEMZbggA==",
	"QlpoOTFBWSZTWUUI1AQABmrbkduAWAP9lGMAf7/fSgQAAEAAiDABGAitQABkAAAABkaDADTRoNMQAAAMgBFKJqfoTSaZDJhNMTTQ" +
		"yNNk1LH347Z2+TBRGCG2QKZvPPzak9GAoz2ZGGoUgQh4AIq7gEVc1aCKtuu26MkrNdjpYFMTsmETbu30JvYE1SlOzTaIDDogn2YJ" +
		"9mp0h7VtMo2zj2hygIq2nxd6zvLpfxARV19K/uFQVesuXYBFWvBcAirZXfyjuQRV4RSgirRio6VGKiAEVe6zCAirk6meTSAirluv" +
		"7+CoKvOZBFW/Q1U43HeAirjJ8AyRoidSqAQfi7kinChIIoRqAgA=",
	"QlpoOTFBWSZTWefS7gMABmnbkduAWAN/lEsAf7/fSgQAAEAAiDABGAGAGmjQaYgAAAZAGAGmjQaYgAAAZACKkT0BDSGnqPUaaYjI" +
		"xGmyalb8cNkrjOwIwyQb5wUt06ebSlrAI25e5g0ikBCD8gIq7QEVbakEVb9V+EJq6m5gKVuiQRNm3dFNzAS6aRntlCo27pMmuMuv" +
		"0bk962NBslHtB8AEVbzfhqleXTHgAirq6VcYKgq9Z+XYBFWrJgAirlqx4wmQRV6QoQRVjmj+0maMAEVZstYCKvd1PKdoARV78Mc+" +
		"9UFXnIgirjc00WNmICKtmjFs0WyGeX2R/xdyRThQkOfS7gM=",
	"QlpoOTFBWSZTWaX0FLQBAWTbkcqAUgF/lAhAdr/fSgQAAEAACDAAubYapoaZADQAAMgeoGimhoBoADQAAAqUlPTUwIYAARgT0PV5" +
		"y21LlaLaSJJACqxJIIA+stXRWyKGOmJfWJIIAoSiy3RbX/b/llUETIMAiuWgLBkoyDRg1WsBi5diQ0gjSG6LUAuh2YbMUv53oEsz" +
		"jZIYn13TuZA8JIJQOd8PqIRQm+bqAEEAexdyRThQkKX0FLQ=",
}
