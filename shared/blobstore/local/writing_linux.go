package local

import (
	"os"

	"golang.org/x/sys/unix"
)

// startWriting has the kernel begin to write a range of a file to the disk, and does not wait.
// That it could not is no loss: the fsync in the end writes it.
func startWriting(f *os.File, offset, n int64) {
	_ = unix.SyncFileRange(int(f.Fd()), offset, n, unix.SYNC_FILE_RANGE_WRITE)
}
