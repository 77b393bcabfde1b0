package boxfile

import (
	"bytes"
	"io"
	"testing"
)

// diskImage packs to a third, as real ones about do.
func diskImage(size int) []byte {
	const content, free = 32 << 10, 64 << 10
	image := noise(11, size)
	for at := content; at < size; at += content + free {
		copy(image[at:min(at+free, size)], bytes.Repeat([]byte("sector of a disk"), free/16))
	}
	return image
}

// BenchmarkInspector pushes a file in pieces of 256 KiB, as an upload does. The rate is that of the
// file's bytes.
func BenchmarkInspector(b *testing.B) {
	const size = 64 << 20
	image := diskImage(size)
	last := tarOf(b, file{"disk.img", string(image)}, file{"metadata.json", virtualbox})
	first := tarOf(b, file{"metadata.json", virtualbox}, file{"disk.img", string(image)})
	for _, bench := range []struct {
		name string
		data []byte
	}{
		{"gzip metadata last", gzipOf(b, last)},
		{"gzip metadata first", gzipOf(b, first)},
		{"zstd metadata last", zstdOf(b, last)},
		{"xz metadata last", xzOf(b, last[:8<<20])},
		{"tar metadata last", last},
		{"tar metadata first", first},
		{"no archive", noise(12, size)},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.SetBytes(int64(len(bench.data)))
			b.ReportAllocs()
			for b.Loop() {
				in := NewInspector()
				if _, err := io.CopyBuffer(struct{ io.Writer }{in}, struct{ io.Reader }{bytes.NewReader(bench.data)}, make([]byte, 256<<10)); err != nil {
					b.Fatal(err)
				}
				if _, err := in.Result(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
