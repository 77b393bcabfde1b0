package boxfile

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"

	"github.com/ulikunitz/xz/lzma"
)

const xzMagic = "\xfd7zXZ\x00"

var errXZ = errors.New("not as the xz format has it")

// xzReader takes the container of an xz file apart, any number of streams and blocks, and hands on
// the LZMA2 chunks of all blocks as one sequence. That is one decoder with one dictionary of a
// known size; the reader of package xz makes a new one for every block, of any size up to 4 GiB
// that the block asks for. Checksums are skipped: a box is verified as a whole by its SHA-256.
//
// Format: tukaani.org/xz/xz-file-format.txt; for LZMA2 chunks package lzma.
type xzReader struct {
	r        *bufio.Reader
	n        int64  // bytes read, to find the padding
	checkLen int    // of the checksum behind each block of this stream
	dict     int64  // bytes of dictionary, as the first block has it
	chunk    []byte // what is left of the chunk at hand
	buf      [6 + 1<<16]byte
}

func openXZ(r *bufio.Reader) (io.Reader, error) {
	x := &xzReader{r: r}
	if err := x.readStreamHeader(); err != nil {
		return nil, err
	}
	if err := x.readBlockHeader(); err != nil {
		return nil, err
	}
	return lzma.Reader2Config{DictCap: int(max(x.dict, lzma.MinDictCap))}.NewReader2(x)
}

// Read reads LZMA2 chunks.
func (x *xzReader) Read(p []byte) (int, error) {
	for len(x.chunk) == 0 {
		if err := x.readChunk(); err != nil {
			return 0, err
		}
	}
	n := copy(p, x.chunk)
	x.chunk = x.chunk[n:]
	return n, nil
}

// readChunk reads the next chunk as a whole, at most 64 KiB, going on to the next block at the end
// of one.
func (x *xzReader) readChunk() error {
	control, err := x.ReadByte()
	if err != nil {
		return err
	}
	switch {
	case control == 0:
		if err := x.skip(padding(x.n) + x.checkLen); err != nil {
			return err
		}
		return x.readBlockHeader()
	case control >= 0xc0: // LZMA with new properties
		return x.fillChunk(control, 6, 3)
	case control >= 0x80: // LZMA
		return x.fillChunk(control, 5, 3)
	case control <= 2: // stored
		return x.fillChunk(control, 3, 1)
	default:
		return errXZ
	}
}

// fillChunk reads the chunk that begins with control; its size, less one, is at sizeAt of the
// header.
func (x *xzReader) fillChunk(control byte, headerLen, sizeAt int) error {
	x.buf[0] = control
	if err := x.read(x.buf[1:headerLen]); err != nil {
		return err
	}
	end := headerLen + 1 + int(binary.BigEndian.Uint16(x.buf[sizeAt:]))
	x.chunk = x.buf[:end]
	return x.read(x.buf[headerLen:end])
}

func (x *xzReader) read(p []byte) error {
	n, err := io.ReadFull(x.r, p)
	x.n += int64(n)
	return whole(err)
}

func (x *xzReader) skip(n int) error {
	skipped, err := x.r.Discard(n)
	x.n += int64(skipped)
	return whole(err)
}

// ReadByte is for package binary.
func (x *xzReader) ReadByte() (byte, error) {
	b, err := x.r.ReadByte()
	if err == nil {
		x.n++
	}
	return b, whole(err)
}

// whole is the error of reading something of which nothing may be missing.
func whole(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
