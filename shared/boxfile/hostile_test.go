package boxfile

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

var hostileNames = map[string]string{
	"/etc/cron.d/box":                  "absolute path",
	`\Windows\evil.dll`:                "absolute path",
	"C:/Windows/evil.dll":              "absolute path",
	`c:\Windows\evil.dll`:              "absolute path",
	"../outside":                       "leads out of the archive",
	"..":                               "leads out of the archive",
	"disks/../../outside":              "leads out of the archive",
	`disks\..\..\outside`:              "leads out of the archive",
	"../metadata.json":                 "leads out of the archive",
	strings.Repeat("long/", 40) + "..": "leads out of the archive",
}

func TestHostilePaths(t *testing.T) {
	for name, reason := range hostileNames {
		t.Run(name, func(t *testing.T) {
			checkRefused(t, tarOf(t, file{name, ""}, file{"metadata.json", virtualbox}), reason)
			checkRefused(t, gzipOf(t, tarOf(t, disk, file{name, ""})), reason)
		})
	}
}

func TestHostileLinks(t *testing.T) {
	for _, header := range []tar.Header{
		{Name: "passwd", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"},
		{Name: "disks/up", Typeflag: tar.TypeSymlink, Linkname: "../.."},
		{Name: "up", Typeflag: tar.TypeSymlink, Linkname: `..\outside`},
		{Name: "disks/deep", Typeflag: tar.TypeSymlink, Linkname: "a/../../../b"},
		{Name: "disks/hard", Typeflag: tar.TypeLink, Linkname: "../shadow"},
		{Name: "hard", Typeflag: tar.TypeLink, Linkname: "/etc/shadow"},
	} {
		data := tarOfHeaders(t, []tar.Header{header})
		checkRefused(t, data, header.Name)
		checkRefused(t, data, "is a link out of the archive")
	}
}

// TestHarmlessNames holds the checks to what is hostile.
func TestHarmlessNames(t *testing.T) {
	headers := []tar.Header{
		{Name: "./", Typeflag: tar.TypeDir},
		{Name: "disks/..hidden", Typeflag: tar.TypeReg},
		{Name: "...", Typeflag: tar.TypeReg},
		{Name: "10:30.log", Typeflag: tar.TypeReg},
		{Name: strings.Repeat("folder/", 60) + "disk.vmdk", Typeflag: tar.TypeReg}, // PAX or GNU long name
		{Name: "disks/current", Typeflag: tar.TypeSymlink, Linkname: "../disk.vmdk"},
		{Name: "disks/same", Typeflag: tar.TypeLink, Linkname: "disks/..hidden"},
		{Name: "metadata.json", Typeflag: tar.TypeReg, Size: int64(len(virtualbox))},
	}
	files := make([]file, len(headers))
	files[len(files)-1].body = virtualbox
	for _, format := range []tar.Format{tar.FormatPAX, tar.FormatGNU} {
		for i := range headers {
			headers[i].Format = format
		}
		check(t, tarOfHeaders(t, headers, files...), Contents{Kind: Box, Format: "tar", Provider: "virtualbox"})
	}
}

// TestGlobalHeaderNamesNoFile: pax(1) names global headers $TMPDIR/GlobalHead.
func TestGlobalHeaderNamesNoFile(t *testing.T) {
	data := tarOfHeaders(t, []tar.Header{
		{Typeflag: tar.TypeXGlobalHeader, Name: "pax_global_header", PAXRecords: map[string]string{"comment": "made by git"}},
		{Typeflag: tar.TypeReg, Name: "metadata.json", Size: int64(len(virtualbox))},
	}, file{}, file{"metadata.json", virtualbox})
	clear(data[:100])
	copy(data, "/tmp/GlobalHead.1")
	sealTar(data)
	check(t, data, Contents{Kind: Box, Format: "tar", Provider: "virtualbox"})
}

// TestUncheckedBehindMetadata documents that nothing behind metadata.json is looked at.
func TestUncheckedBehindMetadata(t *testing.T) {
	check(t, tarOf(t, file{"metadata.json", virtualbox}, file{"../outside", ""}),
		Contents{Kind: Box, Format: "tar", Provider: "virtualbox"})
}

// small are bounds that a test can go beyond.
var small = bounds{expanded: 64 << 20, ratio: 100, ratioFrom: 1 << 20}

func TestBombs(t *testing.T) {
	archive := tarOf(t, file{"disk.img", string(make([]byte, 8<<20))}, file{"metadata.json", virtualbox})
	for name, packed := range map[string][]byte{
		"gzip": gzipOf(t, archive), "bzip2": bzip2Of(t, archive), "xz": xzOf(t, archive), "zstd": zstdOf(t, archive),
	} {
		_, err := inspect(bytes.NewReader(packed), small)
		var refused *Refused
		if !errors.As(err, &refused) || !strings.Contains(refused.Reason, "decompression bomb") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestRealBomb goes beyond the bounds that hold in production: a disk of 4 GiB of zeros in 4 MiB.
func TestRealBomb(t *testing.T) {
	if testing.Short() {
		t.Skip("decompresses 1 GiB")
	}
	archive := tarOf(t, file{"disk.img", string(make([]byte, 1<<20))})
	setSize(archive, 4<<30)
	parts := []io.Reader{bytes.NewReader(gzipOf(t, archive[:512]))}
	sectors := gzipOf(t, archive[512:512+1<<20])
	for range 4 << 10 {
		parts = append(parts, bytes.NewReader(sectors))
	}
	got, err := Inspect(io.MultiReader(parts...))
	var refused *Refused
	if !errors.As(err, &refused) {
		t.Errorf("%+v, %v; want it refused", got, err)
	}
}

// TestRatioCountsAllThatWasRead: zeros are no bomb beside real content.
func TestRatioCountsAllThatWasRead(t *testing.T) {
	packed := gzipOf(t, tarOf(t, file{"noise", string(noise(4, 512<<10))}, file{"disk.img", string(make([]byte, 8<<20))},
		file{"metadata.json", virtualbox}))
	if got, err := inspect(bytes.NewReader(packed), small); err != nil || got.Provider != "virtualbox" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestTooFar(t *testing.T) {
	archive := tarOf(t, file{"disk.img", string(noise(5, 4<<20))}, file{"metadata.json", virtualbox})
	tight := small
	tight.expanded = 2 << 20
	if got, err := inspect(bytes.NewReader(gzipOf(t, archive)), tight); err != nil || got.Kind != Unrecognized ||
		!strings.Contains(got.Note, "put it first") {
		t.Errorf("compressed: %+v, %v", got, err)
	}
	if got, err := inspect(bytes.NewReader(archive), tight); err != nil || got.Kind != Box {
		t.Errorf("plain: %+v, %v; want no bound for what is not decompressed", got, err)
	}
}

func TestLargeWindows(t *testing.T) {
	archive := tarOf(t, disk, file{"metadata.json", virtualbox})
	check(t, zstdStream(t, archive, MaxWindow), Contents{Kind: Box, Format: "tar+zstd", Provider: "virtualbox"})
	checkNote(t, zstdStream(t, archive, 2*MaxWindow), "", "larger window")

	check(t, xzDict(t, archive, MaxWindow), Contents{Kind: Box, Format: "tar+xz", Provider: "virtualbox"})
	checkNote(t, xzDict(t, archive, 2*MaxWindow), "", "larger window")
}

func TestTruncated(t *testing.T) {
	archive := tarOf(t, disk, file{"metadata.json", virtualbox})
	end := len(archive) - 1024 - 512 // where the text of metadata.json is
	checkNote(t, archive[:end-100], "tar", "ends too early")
	checkNote(t, archive[:end+10], "tar", "ends too early")
	check(t, archive[:end+len(virtualbox)], Contents{Kind: Box, Format: "tar", Provider: "virtualbox"})
}

// TestTruncatedAnywhere: a compressed box is a box as soon as metadata.json has arrived, and cut
// off until then.
func TestTruncatedAnywhere(t *testing.T) {
	archive := tarOf(t, file{"metadata.json", virtualbox})
	for name, packed := range map[string][]byte{
		"gzip": gzipOf(t, archive), "bzip2": bzip2Of(t, tarOf(t, placements()["metadata.json last"]...)),
		"xz": append(xzOf(t, archive[:520]), xzOf(t, archive[520:])...), "zstd": zstdOf(t, archive),
	} {
		boxes := 0
		for n := sniffLen; n < len(packed); n++ {
			got, err := Inspect(bytes.NewReader(packed[:n]))
			switch {
			case err == nil && got.Kind == Box:
				boxes++
			case err != nil || boxes > 0 || got.Note != string(errCut):
				t.Errorf("%s cut to %d of %d bytes: %+v, %v", name, n, len(packed), got, err)
			}
		}
	}
}

func TestDamaged(t *testing.T) {
	archive := tarOf(t, disk, file{"metadata.json", virtualbox})
	second := len(archive) - 1024 - 2*512 // the header of metadata.json
	archive[second] ^= 0xff
	checkNote(t, archive, "tar", "is damaged")
	packed := gzipOf(t, tarOf(t, disk))
	packed[10] = 0xff // a block type that deflate does not have
	checkNote(t, packed, "", "is damaged")
}

// TestSeveralMembers: pigz, cat and pbzip2 write files of many members.
func TestSeveralMembers(t *testing.T) {
	archive := tarOf(t, disk, file{"metadata.json", virtualbox})
	half := len(archive) / 2
	for name, pack := range map[string]func(testing.TB, []byte) []byte{
		"gzip": gzipOf, "xz": xzOf,
		"zstd": zstdOf,
	} {
		packed := append(pack(t, archive[:half]), pack(t, archive[half:])...)
		check(t, packed, Contents{Kind: Box, Format: "tar+" + name, Provider: "virtualbox"})
	}
}

// TestSkippableFrame: pzstd writes one first.
func TestSkippableFrame(t *testing.T) {
	packed := append([]byte("\x50\x2a\x4d\x18\x04\x00\x00\x00size"), zstdOf(t, tarOf(t, file{"metadata.json", virtualbox}))...)
	check(t, packed, Contents{Kind: Box, Format: "tar+zstd", Provider: "virtualbox"})
}

func TestTrailingGarbage(t *testing.T) {
	garbage := []byte("signature of the publisher")
	archive := tarOf(t, disk, file{"metadata.json", virtualbox})
	check(t, append(gzipOf(t, archive), garbage...), Contents{Kind: Box, Format: "tar+gzip", Provider: "virtualbox"})
	checkNote(t, append(gzipOf(t, tarOf(t, disk)), garbage...), "tar+gzip", "has no metadata.json")
	check(t, append(archive, garbage...), Contents{Kind: Box, Format: "tar", Provider: "virtualbox"})
}

// TestSparseDisk: `tar --sparse` stores a map of the data and leaves the holes out. The disk here
// has its only data at the end of 4 GiB.
func TestSparseDisk(t *testing.T) {
	data := tarOfHeaders(t, []tar.Header{
		{Name: "disk.img", Typeflag: tar.TypeReg, Size: 512, Format: tar.FormatGNU},
		{Name: "metadata.json", Typeflag: tar.TypeReg, Size: int64(len(virtualbox))},
	}, file{"", string(make([]byte, 512))}, file{"", virtualbox})
	const size = 4 << 30
	data[156] = tar.TypeGNUSparse
	copy(data[386:], fmt.Sprintf("%011o\x00", size-512)) // where the data belongs
	copy(data[398:], fmt.Sprintf("%011o\x00", 512))      // how much
	copy(data[483:], fmt.Sprintf("%011o\x00", size))
	sealTar(data)
	check(t, data, Contents{Kind: Box, Format: "tar", Provider: "virtualbox"})
}

// TestLargeTarHeaders: a name may not take what memory there is.
func TestLargeTarHeaders(t *testing.T) {
	data := tarOf(t, file{"a", strings.Repeat("n", 2<<20)}, file{"metadata.json", virtualbox})
	data[156] = tar.TypeGNULongName
	sealTar(data)
	checkNote(t, data, "", "is damaged")
}
