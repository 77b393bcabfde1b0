package boxfile

import (
	"bytes"
	"testing"

	"github.com/ulikunitz/xz"
)

// xzDict compresses with a dictionary of size bytes.
func xzDict(t testing.TB, p []byte, size int) []byte {
	return xzWith(t, xz.WriterConfig{DictCap: size}, p)
}

// TestXZContainer: `xz --threads` makes many blocks, pixz and cat make many streams, with or
// without padding and with any checksum.
func TestXZContainer(t *testing.T) {
	text := string(noise(6, 60_000)) + string(bytes.Repeat([]byte("sector"), 10_000))
	archive := tarOf(t, file{"disk.img", text}, file{"metadata.json", virtualbox})
	half := len(archive) / 2
	blocks := func(p []byte) []byte { return xzWith(t, xz.WriterConfig{BlockSize: 10_001}, p) }
	sums := func(sum byte, p []byte) []byte { return xzWith(t, xz.WriterConfig{CheckSum: sum}, p) }

	for name, data := range map[string][]byte{
		"blocks":          blocks(archive),
		"streams":         append(xzOf(t, archive[:half]), xzOf(t, archive[half:])...),
		"padded streams":  append(append(xzOf(t, archive[:half]), make([]byte, 8)...), blocks(archive[half:])...),
		"an empty stream": append(xzOf(t, nil), xzOf(t, archive)...),
		"CRC32":           append(sums(xz.CRC32, archive[:half]), sums(xz.CRC32, archive[half:])...),
		"SHA-256":         append(sums(xz.SHA256, archive[:half]), sums(xz.SHA256, archive[half:])...),
		"no checksum":     xzWith(t, xz.WriterConfig{NoCheckSum: true}, archive),
	} {
		t.Run(name, func(t *testing.T) {
			check(t, data, Contents{Kind: Box, Format: "tar+xz", Provider: "virtualbox"})
		})
	}
}

// TestXZLaterDictionary: the memory that was set aside for the first block is all there is.
func TestXZLaterDictionary(t *testing.T) {
	archive := tarOf(t, disk, file{"metadata.json", virtualbox})
	half := len(archive) / 2
	first := xzDict(t, archive[:half], 1<<16)
	checkNote(t, append(first, xzDict(t, archive[half:], 1<<20)...), "tar+xz", "different dictionaries")
	first = xzDict(t, archive[:half], 1<<16)
	checkNote(t, append(first, xzDict(t, archive[half:], 2*MaxWindow)...), "tar+xz", "larger window")
}

func TestXZDamaged(t *testing.T) {
	good := xzOf(t, tarOf(t, disk, file{"metadata.json", virtualbox}))
	for name, change := range map[string]struct {
		at int
		to byte
		is string
	}{
		"check type":   {7, 0x1f, "is damaged"},
		"filter count": {13, 0x01, "filters beside LZMA2"},
		"filter":       {14, 0x04, "is damaged"},
		"dictionary":   {16, 41, "is damaged"},
		"chunk":        {24, 0x03, "is damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			bad := bytes.Clone(good)
			bad[change.at] = change.to
			checkNote(t, bad, "", change.is)
		})
	}
}
