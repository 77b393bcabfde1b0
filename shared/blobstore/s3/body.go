package s3

import (
	"errors"
	"io"
)

// body is exactly the bytes of a part. What r fails with comes out of UploadPart.
type body struct {
	r    io.Reader
	left int64
}

func (b *body) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, io.EOF
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	switch {
	case b.left == 0:
		return n, nil
	case err == io.EOF:
		return n, io.ErrUnexpectedEOF
	}
	return n, err
}

// repeatable is a body that the SDK may send again.
type repeatable struct {
	body
	seeker io.ReadSeeker
	size   int64
}

var errSeek = errors.New("there is no such place in the part")

// Seek goes to a place in the part, which need not begin where the reader does.
func (b *repeatable) Seek(offset int64, whence int) (int64, error) {
	at := b.size - b.left
	to := offset
	switch whence {
	case io.SeekCurrent:
		to += at
	case io.SeekEnd:
		to += b.size
	}
	if to < 0 || to > b.size {
		return at, errSeek
	}
	if _, err := b.seeker.Seek(to-at, io.SeekCurrent); err != nil {
		return at, err
	}
	b.left = b.size - to
	return to, nil
}
