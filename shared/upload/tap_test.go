package upload

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
	"testing/iotest"

	"github.com/boxvault/boxvault/shared/registry"
)

func noise(size int) []byte {
	b := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(b)
	return b
}

func TestATapPassesOnWhatItsDigestSees(t *testing.T) {
	for _, size := range []int{0, 1, bufferSize - 1, bufferSize, bufferSize + 1, 3*bufferCount*bufferSize + 7} {
		content := noise(size)
		for name, r := range map[string]io.Reader{
			"whole": bytes.NewReader(content), "by half": iotest.HalfReader(bytes.NewReader(content)), "with its end": iotest.DataErrReader(bytes.NewReader(content)),
		} {
			tap := newTap(r, newDigest("md5"))
			got, err := io.ReadAll(tap)
			if err != nil || !bytes.Equal(got, content) {
				t.Fatalf("%d bytes, %s: %d came out, %v", size, name, len(got), err)
			}
			found, err := tap.Result()
			want := sha256.Sum256(content)
			if err != nil || found.size != int64(size) || found.sums[registry.SHA256] != hex.EncodeToString(want[:]) || len(found.sums["md5"]) != 32 {
				t.Errorf("%d bytes, %s: found %+v, %v", size, name, found, err)
			}
			if err := tap.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

// A body that broke off must not pass for one that ended.
func TestATapTellsWhatItsReaderDiedOf(t *testing.T) {
	for _, died := range []error{io.ErrUnexpectedEOF, errors.New("reset")} {
		tap := newTap(io.MultiReader(bytes.NewReader(noise(bufferSize+5)), iotest.ErrReader(died)), newDigest(registry.SHA256))
		got, err := io.ReadAll(tap)
		if !errors.Is(err, died) || len(got) != bufferSize+5 {
			t.Errorf("%d bytes and then %v, want %v", len(got), err, died)
		}
		if _, err := tap.Read(make([]byte, 1)); !errors.Is(err, died) {
			t.Errorf("asked again: %v", err)
		}
		_ = tap.Close()
	}
}

// stalled gives nothing until it is closed.
type stalled struct{ over chan struct{} }

func (s stalled) Read([]byte) (int, error) {
	<-s.over
	return 0, io.ErrUnexpectedEOF
}

// Who gives up on a stream does not wait for a client that stalls; when that comes to an end, so do
// the goroutines.
func TestATapLetsGoOfAClientThatStalls(t *testing.T) {
	s := stalled{make(chan struct{})}
	tap := newTap(s, newDigest(registry.SHA256))
	if err := tap.Close(); err != nil {
		t.Error(err)
	}
	close(s.over)
	tap.ended.Wait()
}

func TestATapThatIsNotReadToItsEnd(t *testing.T) {
	tap := newTap(bytes.NewReader(noise(3*bufferCount*bufferSize)), newDigest(registry.SHA256))
	if _, err := io.ReadFull(tap, make([]byte, bufferSize+1)); err != nil {
		t.Error(err)
	}
	if err := tap.Close(); err != nil {
		t.Error(err)
	}
	tap.ended.Wait()
}
