package e2e

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"sync"
	"testing"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// TestKill kills the registry again and again while boxes are uploaded, described and deleted, and
// starts it on the same data folder: all that it acknowledged is there, and nothing that is half
// there can be seen.
func TestKill(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	p := serve(t, data)
	o := newOwner(t, p.URL)
	l := &ledger{files: map[registry.Target]BoxFile{}, described: map[string]int{}, deleted: map[registry.Target]bool{}}
	for round := range 4 {
		o.box(t, roundBox(round), true)
		l.expect(40)
		half := l.halfUpload(t, o, round)
		writers := l.work(t, o, round)
		wait(t, l.enough, "enough to have been acknowledged")
		if err := p.Kill(); err != nil {
			t.Fatal(err)
		}
		writers.Wait()
		p = serve(t, data)
		o.Client = newClient(t, p.URL, o.token) // a session outlives the process
		l.check(t, o)
		half.finish(t, o)
	}
}

func roundBox(round int) string { return fmt.Sprintf("box%d", round) }

// ledger is what a registry has acknowledged.
type ledger struct {
	mu        sync.Mutex
	left      int // to be acknowledged
	enough    chan struct{}
	files     map[registry.Target]BoxFile
	described map[string]int // by box: the number in its description
	deleted   map[registry.Target]bool
}

// expect has `enough` closed after that many acknowledgements.
func (l *ledger) expect(n int) { l.left, l.enough = n, make(chan struct{}) }

// note writes an acknowledgement down.
func (l *ledger) note(entry func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	entry()
	if l.left--; l.left == 0 {
		close(l.enough)
	}
}

// work starts writers that go on until the registry is gone.
func (l *ledger) work(t *testing.T, o owner, round int) *sync.WaitGroup {
	t.Helper()
	var writers sync.WaitGroup
	for n := range 2 {
		file := makeBox(t, Box{Provider: "virtualbox", Disk: 200 << 10, Seed: uint64(10*round + n)})
		content := must[[]byte](t)(os.ReadFile(file.Path))
		writers.Go(func() { l.upload(t.Context(), o, roundBox(round), fmt.Sprintf("%d.%d", round, n), file, content) })
	}
	writers.Go(func() { l.describe(t.Context(), o, round) })
	writers.Go(func() { l.delete(t.Context(), o, round) })
	return &writers
}

// upload publishes one version after the other, in single requests.
func (l *ledger) upload(ctx context.Context, o owner, box, series string, file BoxFile, content []byte) {
	for n := 0; ; n++ {
		to := registry.Target{
			Organization: o.org, Box: box, Version: registry.Number(fmt.Sprintf("%s.%d", series, n)),
			Provider: "virtualbox", Architecture: "amd64",
		}
		req, err := http.NewRequestWithContext(ctx, "POST", o.URL()+filePath(to)+"/upload", bytes.NewReader(content))
		if err != nil {
			return
		}
		req.Header.Set("X-Access-Token", o.token)
		a, err := exchange(req)
		if err != nil {
			return
		}
		if a.status == http.StatusOK {
			l.note(func() { l.files[to] = file })
		}
	}
}

// describe gives a box one description after the other.
func (l *ledger) describe(ctx context.Context, o owner, round int) {
	for n := 1; ; n++ {
		text := decimal(int64(n))
		if _, err := o.UpdateBox(ctx, o.org, roundBox(round), api.BoxInput{Description: &text}); err != nil {
			return
		}
		l.note(func() { l.described[roundBox(round)] = n })
	}
}

// delete makes versions and deletes them.
func (l *ledger) delete(ctx context.Context, o owner, round int) {
	for n := 0; ; n++ {
		number := fmt.Sprintf("%d.9.%d", round, n)
		if _, err := o.CreateVersion(ctx, o.org, roundBox(round), api.NewVersion{VersionInput: api.VersionInput{VersionNumber: &number}}); err != nil {
			return
		}
		if err := o.DeleteVersion(ctx, o.org, roundBox(round), number); err != nil {
			return
		}
		gone := registry.Target{Organization: o.org, Box: roundBox(round), Version: registry.Number(number)}
		l.note(func() { l.deleted[gone] = true })
	}
}

// check holds the registry against the ledger.
func (l *ledger) check(t *testing.T, o owner) {
	t.Helper()
	for to, file := range l.files {
		if told := must[api.File](t)(o.File(t.Context(), to)); told.Checksum != file.SHA256 {
			t.Errorf("%v has the checksum %s, want %s", to, told.Checksum, file.SHA256)
		}
	}
	for name, n := range l.described {
		// The next one may have been written without its acknowledgement coming through.
		told := must[api.Box](t)(o.Box(t.Context(), o.org, name)).Description
		if told != decimal(int64(n)) && told != decimal(int64(n+1)) {
			t.Errorf("%s is described as %q, want %d or the next", name, told, n)
		}
		l.checkListed(t, o, name)
	}
	for gone := range l.deleted {
		if _, err := o.Version(t.Context(), o.org, gone.Box, string(gone.Version)); registry.KindOf(err) != registry.NotFound {
			t.Errorf("version %s was deleted, and is there: %v", gone.Version, err)
		}
	}
}

// checkListed downloads all that vagrant is told of, acknowledged or not.
func (l *ledger) checkListed(t *testing.T, o owner, name string) {
	t.Helper()
	for _, v := range must[api.Metadata](t)(o.Metadata(t.Context(), o.org, name)).Versions {
		for _, p := range v.Providers {
			if got := follow(t, p.URL, "").want(t, 200).body; sha256Of(string(got)) != p.Checksum {
				t.Errorf("%s %s is listed, and has %d bytes that are not its file, of %s", name, v.Version, len(got), p.FileSize)
			}
		}
	}
}

// half is an upload of two parts, of which one was acknowledged.
type half struct {
	up   api.Upload
	to   registry.Target
	file BoxFile
	rest []byte
}

func (l *ledger) halfUpload(t *testing.T, o owner, round int) half {
	t.Helper()
	spec := Box{Provider: "virtualbox", Architecture: "amd64", Disk: 17 << 20, Seed: uint64(round)}
	h := half{file: makeBox(t, spec), to: o.target(roundBox(round), decimal(int64(round))+".8", spec)}
	h.up = must[api.Upload](t)(o.BeginUpload(t.Context(), h.to, api.BeginUpload{Size: h.file.Size}))
	content := must[[]byte](t)(os.ReadFile(h.file.Path))
	h.rest = content[h.up.PartSize:]
	putPart(t, h.up.URLs[0], content[:h.up.PartSize]).want(t, 200)
	return h
}

// finish sends the other part.
func (h half) finish(t *testing.T, o owner) {
	t.Helper()
	arrived := must[api.Upload](t)(o.Upload(t.Context(), h.to, h.up.ID)).Parts
	if len(arrived) != 1 || arrived[0].Size != h.up.PartSize {
		t.Fatalf("of the part that was acknowledged there is %+v", arrived)
	}
	link := must[[]api.PartURL](t)(o.SignParts(t.Context(), h.to, h.up.ID, []int{2}))[0]
	putPart(t, link, h.rest).want(t, 200)
	must[api.Upload](t)(o.CompleteUpload(t.Context(), h.to, h.up.ID, api.CompleteUpload{}))
	wantDownload(t, o, h.to, h.file)
}
