package blobstore

// What PartSize answers within. 16 MiB is small enough that a part lost on a bad line costs
// little, and large enough that the round trip of a part is small beside its bytes.
const (
	mib             = 1 << 20
	smallestPart    = 16 * mib
	unknownSizePart = 64 * mib
)

// PartSize is the size in bytes of the parts in which a file of size bytes goes up: whole MiB,
// at least 16, and so many that the file fits into MaxParts parts. Size is at most MaxSize.
// Size 0 means that the length is not known beforehand: then it is 64 MiB, which is good for
// 625 GiB.
func PartSize(size int64) int64 {
	if size == 0 {
		return unknownSizePart
	}
	return max(smallestPart, roundUp(divideUp(size, MaxParts), mib))
}

// Parts is the number of parts that size bytes make. An empty file is one empty part, because
// an upload without parts cannot be completed.
func Parts(size, partSize int64) int {
	return int(max(1, divideUp(size, partSize)))
}

func divideUp(n, by int64) int64 { return (n + by - 1) / by }

func roundUp(n, to int64) int64 { return divideUp(n, to) * to }
