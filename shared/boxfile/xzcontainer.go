package boxfile

import (
	"encoding/binary"
	"io"

	"github.com/ulikunitz/xz/lzma"
)

func (x *xzReader) readStreamHeader() error {
	header := x.buf[:12]
	if err := x.read(header); err != nil {
		return err
	}
	check := header[7]
	if string(header[:6]) != xzMagic || header[6] != 0 || check > 15 {
		return errXZ
	}
	x.checkLen = [16]int{0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64}[check]
	return nil
}

// readBlockHeader goes on to the next block of this stream or, at its end, of the next. Behind the
// last one it leaves the chunk that ends LZMA2.
func (x *xzReader) readBlockHeader() error {
	for {
		size, err := x.ReadByte()
		if err != nil {
			return err
		}
		if size != 0 {
			return x.readFilters(4*int(size) + 3)
		}
		more, err := x.readStreamEnd()
		if err != nil {
			return err
		}
		if !more {
			x.chunk = []byte{0}
			return nil
		}
	}
}

// readFilters reads the rest of a block header, of size bytes, for the size of the dictionary.
func (x *xzReader) readFilters(size int) error {
	header := x.buf[:size]
	if err := x.read(header); err != nil {
		return err
	}
	const filterCount, compressedSize, uncompressedSize = 0x03, 0x40, 0x80
	flags, rest := header[0], header[1:]
	if flags&filterCount != 0 {
		return note("The xz file uses filters beside LZMA2, which are not looked through.")
	}
	for _, size := range []byte{compressedSize, uncompressedSize} {
		if flags&size != 0 {
			_, n := binary.Uvarint(rest)
			rest = rest[max(n, 0):]
		}
	}
	const lzma2 = 0x21
	if len(rest) < 3 || rest[0] != lzma2 || rest[1] != 1 {
		return errXZ
	}
	dict, err := lzma.DecodeDictCap(rest[2])
	if err != nil {
		return errXZ
	}
	return x.takeDict(dict)
}

func (x *xzReader) takeDict(size int64) error {
	switch {
	case size > MaxWindow:
		return errWindow
	case x.dict == 0:
		x.dict = size
	case size > x.dict:
		return note("The xz file has blocks with different dictionaries, which are not looked into.")
	}
	return nil
}

// readStreamEnd skips the index and the footer of a stream, and reports whether another follows.
func (x *xzReader) readStreamEnd() (bool, error) {
	blocks, err := binary.ReadUvarint(x)
	if err != nil {
		return false, err
	}
	for ; blocks > 0; blocks-- {
		for range 2 { // sizes of the block
			if _, err := binary.ReadUvarint(x); err != nil {
				return false, err
			}
		}
	}
	const indexCheck, footer = 4, 12
	if err := x.skip(padding(x.n) + indexCheck + footer); err != nil {
		return false, err
	}
	return x.nextStream()
}

// nextStream skips the padding between streams.
func (x *xzReader) nextStream() (bool, error) {
	for {
		next, err := x.r.Peek(4)
		switch {
		case len(next) == 0 && err == io.EOF:
			return false, nil
		case err != nil:
			return false, err
		case string(next) != "\x00\x00\x00\x00":
			return true, x.readStreamHeader()
		}
		if err := x.skip(4); err != nil {
			return false, err
		}
	}
}

// padding is the number of bytes up to the next multiple of four.
func padding(n int64) int { return int(-n & 3) }
