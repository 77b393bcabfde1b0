package local_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/certificate"
	"github.com/boxvault/boxvault/shared/certificate/certificatetest"
	"github.com/boxvault/boxvault/shared/certificate/local"
)

func open(t *testing.T, path string) *local.Store {
	t.Helper()
	s, err := local.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func pair(t *testing.T) (certificate.Pair, string) {
	t.Helper()
	c := certificatetest.Issue(t)
	p, err := certificate.Parse(c.Chain(), c.Key, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return p, c.Serial
}

func shown(s *local.Store) string {
	return s.Config().Certificates[0].Leaf.SerialNumber.String()
}

func TestACertificateIsThereAgainAfterAStart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "certificate.pem")
	s := open(t, path)
	if s.Config() != nil {
		t.Error("there is a certificate before any was installed")
	}
	for range 2 {
		p, serial := pair(t)
		if id, err := s.Install(t.Context(), p, ""); err != nil || id != "" {
			t.Fatal(id, err)
		}
		if shown(s) != serial || shown(open(t, path)) != serial {
			t.Errorf("shown are %s and %s, want %s", shown(s), shown(open(t, path)), serial)
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("the file has the mode %v, %v", info.Mode(), err)
	}
}

// What a process was writing when it was killed is not used, and not left.
func TestWhatWasNotFinishedIsClearedAway(t *testing.T) {
	path := filepath.Join(t.TempDir(), "certificate.pem")
	p, serial := pair(t)
	if _, err := open(t, path).Install(t.Context(), p, ""); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path+".new", p.Key[:20], 0o600); err != nil {
		t.Fatal(err)
	}
	if got := shown(open(t, path)); got != serial {
		t.Errorf("%s is shown", got)
	}
	if _, err := os.Stat(path + ".new"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("half of a key is left: %v", err)
	}
}

func TestADamagedFileIsToldOf(t *testing.T) {
	path := filepath.Join(t.TempDir(), "certificate.pem")
	if err := os.WriteFile(path, []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := local.Open(path); err == nil {
		t.Error("it was opened")
	}
}

func TestWhatCannotBeKeptIsNotUsed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	s := open(t, filepath.Join(dir, "certificate.pem"))
	before, serial := pair(t)
	if _, err := s.Install(t.Context(), before, ""); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	p, _ := pair(t)
	if _, err := s.Install(t.Context(), p, ""); err == nil || shown(s) != serial {
		t.Errorf("%s is shown, error %v", shown(s), err)
	}
}

// However they come, the file has one whole pair, which is the one that is shown.
func TestPairsThatComeAtOnceAreNotMixed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "certificate.pem")
	s := open(t, path)
	var wg sync.WaitGroup
	failed := make(chan error, 8)
	for range cap(failed) {
		p, _ := pair(t)
		wg.Go(func() {
			if _, err := s.Install(t.Context(), p, ""); err != nil {
				failed <- fmt.Errorf("install: %w", err)
			}
		})
	}
	wg.Wait()
	close(failed)
	for err := range failed {
		t.Error(err)
	}
	if kept := shown(open(t, path)); kept != shown(s) {
		t.Errorf("%s is kept and %s shown", kept, shown(s))
	}
}
