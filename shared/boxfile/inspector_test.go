package boxfile

import (
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
)

func TestInspectorIsDoneEarly(t *testing.T) {
	in := NewInspector()
	defer in.Close()
	data := tarOf(t, file{"metadata.json", virtualbox}, file{"disk.img", string(noise(7, pieceSize))})
	if in.Done() {
		t.Error("done before the first byte")
	}
	_, err := in.Write(data)
	must(t, err)
	<-in.known
	if !in.Done() {
		t.Error("not done with metadata.json there")
	}
	// Whatever comes then is dropped, however much it is.
	if n, err := io.CopyN(in, zeros{}, 10*pieceCount*pieceSize); n != 10*pieceCount*pieceSize || err != nil {
		t.Errorf("wrote %d, %v", n, err)
	}
	for range 2 {
		if got, err := in.Result(); err != nil || got.Provider != "virtualbox" {
			t.Errorf("%+v, %v", got, err)
		}
	}
	if n, err := in.Write(data); n != len(data) || err != nil {
		t.Errorf("writing behind the end: %d, %v", n, err)
	}
}

// TestInspectorAbandoned: an upload that breaks off must not be taken for a short box.
func TestInspectorAbandoned(t *testing.T) {
	in := NewInspector()
	_, err := in.Write(tarOf(t, disk))
	must(t, err)
	must(t, in.Close())
	must(t, in.Close())
	if got, err := in.Result(); !errors.Is(err, errAbandoned) {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestInspectorEndsItsGoroutine looks for one in all stacks, whatever way the inspection went.
func TestInspectorEndsItsGoroutine(t *testing.T) {
	archive := tarOf(t, disk, file{"metadata.json", virtualbox})
	for _, data := range [][]byte{nil, archive, gzipOf(t, archive), zstdOf(t, archive), xzOf(t, archive), noise(8, 1<<20)} {
		finished := NewInspector()
		_, err := finished.Write(data)
		must(t, err)
		if _, err := finished.Result(); err != nil {
			t.Error(err)
		}
		abandoned := NewInspector()
		_, err = abandoned.Write(data[:len(data)/2])
		must(t, err)
		must(t, abandoned.Close())
		<-abandoned.known
	}
	for range 10_000 { // known is closed a moment before the goroutine ends
		if !running() {
			return
		}
		runtime.Gosched()
	}
	t.Error("a goroutine is left")
}

// running reports whether a goroutine runs that an inspection started.
func running() bool {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	return strings.Contains(string(stacks), "(*Inspector).run") || strings.Contains(string(stacks), "zstd.")
}

func TestInspectorOutlivesPanic(t *testing.T) {
	in := newInspector(func(io.Reader) (Contents, error) { panic("index out of range") })
	_, err := io.CopyN(in, zeros{}, 10*pieceSize)
	must(t, err)
	if got, err := in.Result(); err == nil || !strings.Contains(err.Error(), "index out of range") {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestInspectorWaits: an inspection that is slower than the upload must not have it pile up.
func TestInspectorWaits(t *testing.T) {
	release := make(chan struct{})
	in := newInspector(func(r io.Reader) (Contents, error) {
		<-release
		_, err := io.Copy(io.Discard, r)
		return Contents{}, err
	})
	written := make(chan int64)
	go func() {
		n, _ := io.CopyN(in, zeros{}, 3*pieceCount*pieceSize)
		written <- n
	}()
	for len(in.full) < pieceCount {
		runtime.Gosched()
	}
	select {
	case n := <-written:
		t.Errorf("took %d bytes with nobody reading", n)
	default:
	}
	close(release)
	if n := <-written; n != 3*pieceCount*pieceSize {
		t.Errorf("wrote %d", n)
	}
	if _, err := in.Result(); err != nil {
		t.Error(err)
	}
}
