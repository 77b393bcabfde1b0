package local_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/blobstore/local"
	"github.com/boxvault/boxvault/shared/keyring/keyringtest"
)

func init() { children["fill"] = fill }

// A child in a namespace of its own mounts a disk of 16 MiB and fills it.
func TestFullDisk(t *testing.T) {
	cmd := child(t, "fill", t.TempDir())
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
	}
	var log strings.Builder
	cmd.Stderr = &log
	err := cmd.Run()
	if cmd.Process == nil || strings.Contains(log.String(), errNoMount.Error()) {
		t.Skipf("no disk of its own for the test: this needs user namespaces (%v %s)", err, log.String())
	}
	if err != nil {
		t.Errorf("%v\n%s", err, log.String())
	}
}

var errNoMount = errors.New("cannot mount a disk")

func fill(dir string) error {
	if err := syscall.Mount("none", dir, "tmpfs", 0, "size=16m"); err != nil {
		return fmt.Errorf("%w: %v", errNoMount, err)
	}
	server := httptest.NewUnstartedServer(nil)
	s, err := local.Open(dir, local.Options{BaseURL: "http://" + server.Listener.Addr().String(), Keys: keyringtest.Fixed(keyringtest.Ring("a secret"))})
	if err != nil {
		return err
	}
	server.Config.Handler = s.Handler()
	server.Start()
	defer server.Close()
	return fillStore(s)
}

// fillStore puts two parts where there is room for three, and wants them to stay whole, whatever
// is sent when nothing more fits.
func fillStore(s *local.Store) error {
	ctx := context.Background()
	content := bytes.Repeat([]byte("content "), blobstore.MinPart/8)
	u, err := s.Begin(ctx, "full", blobstore.MinPart)
	if err != nil {
		return err
	}
	single, err := s.Begin(ctx, "single", blobstore.MaxPart)
	if err != nil {
		return err
	}
	var parts []blobstore.Part
	for n := 1; n <= 2; n++ {
		p, err := s.PutPart(ctx, u, n, bytes.NewReader(content), blobstore.MinPart)
		if err != nil {
			return err
		}
		parts = append(parts, p)
	}
	large, err := s.Begin(ctx, "large", 10*blobstore.MinPart)
	if err != nil {
		return err
	}
	if _, err := s.PutPart(ctx, large, 1, zeros{}, 10*blobstore.MinPart); !errors.Is(err, blobstore.ErrFull) {
		return fmt.Errorf("a new part: error %v, want: %w", err, blobstore.ErrFull)
	}
	if _, err := s.PutPart(ctx, u, 1, zeros{}, blobstore.MinPart); !errors.Is(err, blobstore.ErrFull) {
		return fmt.Errorf("a part again: error %v, want: %w", err, blobstore.ErrFull)
	}
	if err := wantPut(ctx, s, single, 8<<20, http.StatusInsufficientStorage); err != nil {
		return err
	}
	if _, err := s.Complete(ctx, u, parts); err != nil {
		return err
	}
	if err := wantContent(ctx, s, "full", append(content, content...)); err != nil {
		return err
	}
	if err := s.Abort(ctx, large); err != nil {
		return err
	}
	// A link to 5 GiB needs no more room than what is sent to it.
	return wantPut(ctx, s, single, 1<<20, http.StatusOK)
}

// wantPut sends size bytes to a link to part 1.
func wantPut(ctx context.Context, s *local.Store, u blobstore.Upload, size int64, status int) error {
	link, err := s.SignPart(ctx, u, 1, time.Hour)
	if err != nil {
		return err
	}
	r, err := http.NewRequest(link.Method, link.URL, io.LimitReader(zeros{}, size))
	if err != nil {
		return err
	}
	r.ContentLength = size
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != status {
		return fmt.Errorf("a PUT of %d bytes: status %d, want %d", size, resp.StatusCode, status)
	}
	return nil
}

func wantContent(ctx context.Context, s *local.Store, key string, want []byte) error {
	r, err := s.Open(ctx, key, 0)
	if err != nil {
		return err
	}
	defer r.Close()
	got, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if !bytes.Equal(got, want) {
		return fmt.Errorf("%s has %d other bytes", key, len(got))
	}
	return nil
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
