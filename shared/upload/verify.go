package upload

import (
	"context"
	"errors"
	"io"
	"sync"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/boxfile"
	"github.com/boxvault/boxvault/shared/registry"
)

// verify reads the object once, and lists it or says why not. Where the store saw the bytes go by,
// only as much is read as it takes to know what is in the archive.
func (s *Uploads) verify(ctx context.Context, u registry.Upload) (registry.Upload, error) {
	look := s.study
	if sum, ok := blobstore.Seen(s.Blobs, u.Blob); ok && u.ChecksumType == registry.SHA256 {
		look = func(ctx context.Context, u registry.Upload) (registry.Upload, found, error) {
			return s.glance(ctx, u, sum)
		}
	}
	u, f, err := look(ctx, u)
	if err != nil {
		return u, err
	}
	return s.finish(ctx, u, f)
}

// glance learns what is inside, of an object whose checksum is known.
func (s *Uploads) glance(ctx context.Context, u registry.Upload, sum string) (registry.Upload, found, error) {
	info, err := s.Blobs.Head(ctx, u.Blob)
	if err != nil {
		return u, found{}, err
	}
	object, err := s.Blobs.Open(ctx, u.Blob, 0)
	if err != nil {
		return u, found{}, err
	}
	defer object.Close()
	signs := &signsOfLife{s: s, ctx: ctx, u: u}
	inside := boxfile.NewInspector()
	defer inside.Close()
	if _, err := io.Copy(signs, &untilKnown{object, inside}); err != nil {
		return signs.latest(), found{}, err
	}
	f := found{size: info.Size, sums: map[string]string{registry.SHA256: sum}}
	err = f.lookedInside(inside)
	return signs.latest(), f, err
}

// untilKnown reads until the inspector needs no more.
type untilKnown struct {
	io.Reader
	inside *boxfile.Inspector
}

func (r *untilKnown) Read(p []byte) (int, error) {
	if r.inside.Done() {
		return 0, io.EOF
	}
	n, err := r.Reader.Read(p)
	_, _ = r.inside.Write(p[:n]) // it never fails
	return n, err
}

// signsOfLife renews the lease of an upload while its bytes go by.
type signsOfLife struct {
	s   *Uploads
	ctx context.Context
	// mark tells how far a study is; nil where there is none to be resumed.
	mark func() *registry.Study

	mu sync.Mutex
	u  registry.Upload
}

// latest is the upload as it was last written.
func (l *signsOfLife) latest() registry.Upload {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.u
}

func (l *signsOfLife) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.u.Lease.Sub(l.s.Now()) > lease/2 {
		return len(p), nil
	}
	if l.mark != nil {
		l.u.Study = l.mark()
	}
	u, err := l.s.advance(l.ctx, l.u, l.u.State)
	l.u = u
	return len(p), err
}

// lookInsideZip reads the table of contents of a zip archive where it was stored.
func (s *Uploads) lookInsideZip(ctx context.Context, u registry.Upload, f *found) (err error) {
	f.contents, err = boxfile.InspectAt(readerAt{s.Blobs, ctx, u.Blob}, f.size)
	if errors.As(err, &f.refused) {
		return nil
	}
	return err
}

// readerAt reads an object here and there.
type readerAt struct {
	blobs blobstore.Store
	ctx   context.Context
	key   string
}

func (r readerAt) ReadAt(p []byte, off int64) (int, error) {
	object, err := r.blobs.Open(r.ctx, r.key, off)
	if err != nil {
		return 0, err
	}
	defer object.Close()
	n, err := io.ReadFull(object, p)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}
