package blobstore_test

import (
	"testing"

	"github.com/boxvault/boxvault/shared/blobstore"
)

const (
	mib = int64(1) << 20
	gib = 1024 * mib
	tib = 1024 * gib
)

func TestPartSizeTable(t *testing.T) {
	const most16 = 16 * mib * blobstore.MaxParts // the largest file in parts of 16 MiB
	for _, c := range []struct {
		name  string
		size  int64
		part  int64
		count int
	}{
		{"unknown", 0, 64 * mib, 1},
		{"one byte", 1, 16 * mib, 1},
		{"smallest part allowed", blobstore.MinPart, 16 * mib, 1},
		{"one part, less one", 16*mib - 1, 16 * mib, 1},
		{"one part", 16 * mib, 16 * mib, 1},
		{"one part and one", 16*mib + 1, 16 * mib, 2},
		{"1 GiB", gib, 16 * mib, 64},
		{"largest part", blobstore.MaxPart, 16 * mib, 320},
		{"full at 16 MiB, less one", most16 - 1, 16 * mib, 10_000},
		{"full at 16 MiB", most16, 16 * mib, 10_000},
		{"full at 16 MiB and one", most16 + 1, 17 * mib, 9_412},
		{"1 TiB", tib, 105 * mib, 9_987},
		{"full at 5 GiB less 1 MiB", (5*gib - mib) * blobstore.MaxParts, 5*gib - mib, 10_000},
		{"full at 5 GiB less 1 MiB, and one", (5*gib-mib)*blobstore.MaxParts + 1, 5 * gib, 9_999},
		{"largest, less one", blobstore.MaxSize - 1, 5 * gib, 10_000},
		{"largest", blobstore.MaxSize, 5 * gib, 10_000},
	} {
		t.Run(c.name, func(t *testing.T) {
			part := blobstore.PartSize(c.size)
			if part != c.part {
				t.Errorf("PartSize(%d) = %d, want %d", c.size, part, c.part)
			}
			if count := blobstore.Parts(c.size, part); count != c.count {
				t.Errorf("Parts(%d, %d) = %d, want %d", c.size, part, count, c.count)
			}
		})
	}
}

// Every size at which a part size changes, every power of two, and one byte on either side.
func TestPartSizeHoldsTheLimits(t *testing.T) {
	sizes := []int64{1, blobstore.MaxSize}
	for size := int64(1); size < blobstore.MaxSize; size *= 2 {
		sizes = append(sizes, size-1, size, size+1)
	}
	for part := 16 * mib; part <= blobstore.MaxPart; part += mib {
		full := part * blobstore.MaxParts
		sizes = append(sizes, full-1, full, full+1)
	}
	for _, size := range sizes {
		if size >= 1 && size <= blobstore.MaxSize {
			holdsLimits(t, size)
		}
	}
}

func holdsLimits(t *testing.T, size int64) {
	t.Helper()
	part := blobstore.PartSize(size)
	count := int64(blobstore.Parts(size, part))
	switch {
	case part < 16*mib || part > blobstore.MaxPart || part%mib != 0:
		t.Errorf("PartSize(%d) = %d", size, part)
	case count < 1 || count > blobstore.MaxParts:
		t.Errorf("Parts(%d, %d) = %d", size, part, count)
	case count*part < size || (count-1)*part >= size:
		t.Errorf("%d parts of %d do not fit a file of %d", count, part, size)
	case part > 16*mib && (part-mib)*blobstore.MaxParts >= size:
		t.Errorf("PartSize(%d) = %d, a smaller one would do", size, part)
	}
}

func TestPartSizeIsMonotone(t *testing.T) {
	const steps = 200_003 // a prime, so that the steps fall on no boundary
	before := int64(0)
	for i := int64(1); i <= steps; i++ {
		part := blobstore.PartSize(blobstore.MaxSize / steps * i)
		if part < before {
			t.Fatalf("a larger file has smaller parts: %d after %d", part, before)
		}
		before = part
	}
}
