package upload

import (
	"io"
	"sync"
)

// A stream goes by in buffers of this size, this many at a time.
const (
	bufferSize  = 1 << 20
	bufferCount = 4
)

// tap is a reader whose bytes a digest sees as well, on a goroutine of its own: receiving, hashing
// and storing go on side by side.
type tap struct {
	free   chan []byte
	ready  chan piece
	piece  piece // that rest is of
	rest   []byte
	digest *digest
	stop   chan struct{}
	ended  sync.WaitGroup
}

type piece struct {
	bytes  []byte
	hashed chan struct{} // closed when the digest has seen it
	err    error         // comes after the bytes
}

// newTap begins to read r. Close must be called.
func newTap(r io.Reader, d *digest) *tap {
	t := &tap{
		free: make(chan []byte, bufferCount), ready: make(chan piece, bufferCount),
		digest: d, stop: make(chan struct{}),
	}
	for range bufferCount {
		t.free <- make([]byte, bufferSize)
	}
	// Every channel has room for all buffers: nobody waits but for an empty buffer or a full one.
	toHash := make(chan piece, bufferCount)
	t.ended.Add(2)
	go t.receive(r, toHash)
	go t.hash(toHash)
	return t
}

func (t *tap) receive(r io.Reader, toHash chan<- piece) {
	defer t.ended.Done()
	defer close(toHash)
	for {
		select {
		case buffer := <-t.free:
			n, err := fill(r, buffer)
			p := piece{bytes: buffer[:n], hashed: make(chan struct{}), err: err}
			toHash <- p
			t.ready <- p
			if err != nil {
				return
			}
		case <-t.stop:
			return
		}
	}
}

// fill reads until the buffer is full. Unlike io.ReadFull it leaves the reader's error as it is: a
// body that broke off must not pass for one that ended.
func fill(r io.Reader, buffer []byte) (n int, err error) {
	for n < len(buffer) && err == nil {
		var k int
		k, err = r.Read(buffer[n:])
		n += k
	}
	return n, err
}

func (t *tap) hash(pieces <-chan piece) {
	defer t.ended.Done()
	for p := range pieces {
		_, _ = t.digest.Write(p.bytes)
		close(p.hashed)
	}
}

// Read returns the bytes of r, and then its error.
func (t *tap) Read(p []byte) (int, error) {
	for len(t.rest) == 0 {
		if t.piece.err != nil {
			return 0, t.piece.err
		}
		if t.piece.bytes != nil {
			<-t.piece.hashed
			t.free <- t.piece.bytes[:bufferSize]
		}
		t.piece = <-t.ready
		t.rest = t.piece.bytes
	}
	n := copy(p, t.rest)
	t.rest = t.rest[n:]
	return n, nil
}

// Result waits until the digest has seen all that r had, and returns what it found. Call it once
// Read has come to the end.
func (t *tap) Result() (found, error) {
	t.ended.Wait()
	return t.digest.result()
}

// Close lets go of the stream and the digest. It does not wait: a client that stalls is still being
// listened to until the server hangs up on it.
func (t *tap) Close() error {
	close(t.stop)
	go func() {
		t.ended.Wait()
		_ = t.digest.Close()
	}()
	return nil
}
