package boxfile

// What an inspection spends on one file. The numbers are about what is read, not about what may be
// stored: a box of any size is inspected.
const (
	// MaxMetadata is the most bytes that metadata.json may have. Real ones have a few hundred.
	MaxMetadata = 1 << 20
	// MaxWindow is the most bytes of xz dictionary or zstd window that are held in memory. Up to
	// `xz -8` and `zstd -20` ask for no more; a file that does is unrecognized.
	MaxWindow = 32 << 20
	// MaxExpanded is how many bytes are decompressed in search of metadata.json. A disk of 127 GiB,
	// which Hyper-V makes by default, fits; a file with more in front is unrecognized.
	MaxExpanded = 128 << 30
	// MaxRatio is how many bytes one byte may decompress to, over all that was read so far. A file
	// that goes beyond is refused as a bomb. gzip reaches 1032 on nothing but zeros; a disk image
	// of zeros with 0.2 % of content stays below.
	MaxRatio = 500

	// ratioFrom is the number of decompressed bytes from which MaxRatio counts: it takes a second
	// to get there, and disk images may begin with zeros.
	ratioFrom = 1 << 30
	// maxZipDirectory is the most bytes a zip's table of contents may have: some 100,000 entries.
	maxZipDirectory = 16 << 20
	// readAhead is the size in bytes of the buffer in front of the decoders.
	readAhead = 64 << 10
)

// bounds are the limits that tests make small.
type bounds struct {
	expanded, ratio, ratioFrom int64
}

var standard = bounds{expanded: MaxExpanded, ratio: MaxRatio, ratioFrom: ratioFrom}

const (
	errWindow = note("The archive was compressed with a larger window than is looked into (32 MiB): " +
		"use xz -8, zstd -20 or lower, and no --long.")
	errTooFar = note("There is no metadata.json in the first 128 GiB of the archive: put it first.")
)
