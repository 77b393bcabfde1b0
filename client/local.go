package client

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"os"

	"path/filepath"

	"github.com/boxvault/boxvault/shared/registry"
)

// local is the file that is pushed.
type local struct {
	*os.File
	origin
}

func openLocal(path string) (*local, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is not a regular file", path)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return &local{File: f, origin: origin{filepath.Base(path), info.Size(), info.ModTime()}}, nil
}

// unchanged returns an error when the file is another one than when it was opened.
func (l *local) unchanged() error {
	info, err := l.Stat()
	if err == nil && (info.Size() != l.size || !info.ModTime().Equal(l.modified)) {
		err = fmt.Errorf("%s was changed while it was being uploaded", l.Name())
	}
	return err
}

// hash computes the checksum of the whole file, hex.
func (l *local) hash(ctx context.Context, algorithm string, moved func(int64)) (string, error) {
	h := registry.NewHash(algorithm)
	src := &metered{r: &cancelled{ctx, io.NewSectionReader(l, 0, l.size)}, moved: moved}
	n, err := io.CopyBuffer(onlyWriter{h}, src, make([]byte, 1<<20))
	if err == nil && n != l.size {
		err = fmt.Errorf("%s became shorter while it was read", l.Name())
	}
	return hex.EncodeToString(h.Sum(nil)), err
}

// hashInBackground starts to compute the SHA-256, unless it is known, and returns a function that
// waits for it. It reads the file by itself, so that parts may go up in any order; what it reads
// is in the system's cache when the parts are sent, or the other way round.
func (l *local) hashInBackground(ctx context.Context, known string) (wait func() (string, error)) {
	if known != "" {
		return func() (string, error) { return known, nil }
	}
	var sum string
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		sum, err = l.hash(ctx, registry.SHA256, func(int64) {})
	}()
	return func() (string, error) {
		<-done
		return sum, err
	}
}

// cancelled is a reader that fails when its context ends.
type cancelled struct {
	ctx context.Context
	r   io.Reader
}

func (c *cancelled) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// onlyWriter hides all other methods, so that io.CopyBuffer uses the buffer it is given.
type onlyWriter struct{ io.Writer }
