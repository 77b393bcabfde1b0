package local

import (
	"context"
	"hash/crc32"
	"io"
	"os"
	"sync"
)

// 1 MiB is read and written at a time: large enough that the calls do not count, small enough
// to stay in the cache between the two.
const chunk = 1 << 20

var chunks = sync.Pool{New: func() any { return new([chunk]byte) }}

// cut is the failure of a reader, as against that of the disk.
type cut struct{ error }

func (c cut) Error() string { return "the bytes broke off: " + c.error.Error() }
func (c cut) Unwrap() error { return c.error }

// receive writes size bytes of r to w, from offset on, and returns their CRC-32C.
func receive(ctx context.Context, w io.WriterAt, offset int64, r io.Reader, size int64) (sum uint32, err error) {
	buf := chunks.Get().(*[chunk]byte)
	defer chunks.Put(buf)
	for done := int64(0); done < size; {
		if err := ctx.Err(); err != nil {
			return 0, cut{err}
		}
		p := buf[:min(chunk, size-done)]
		if err := fill(p, r); err != nil {
			return 0, err
		}
		if _, err := w.WriteAt(p, offset+done); err != nil {
			return 0, err
		}
		sum = crc32.Update(sum, castagnoli, p)
		done += int64(len(p))
	}
	return sum, nil
}

func fill(p []byte, r io.Reader) error {
	_, err := io.ReadFull(r, p)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return cut{err}
	}
	return nil
}

// writeOut has the system start to write bytes to the disk as soon as it has them, so that
// waiting for them in the end is short.
type writeOut struct {
	io.WriterAt
	file *os.File
}

func (w writeOut) WriteAt(p []byte, offset int64) (int, error) {
	n, err := w.WriterAt.WriteAt(p, offset)
	if err == nil {
		startWriting(w.file, offset, int64(n))
	}
	return n, err
}
