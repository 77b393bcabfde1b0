package client

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// DefaultParallel is how many parts Push sends at once when it is not told.
const DefaultParallel = 4

// PushOptions say what Push sends, and where to.
type PushOptions struct {
	// Target is where the file is to end. Version, provider and architecture are made when they
	// are missing, the box is not.
	Target registry.Target
	// Path is the local file.
	Path string
	// Parallel is how many parts are sent at once; 0 is DefaultParallel.
	Parallel int
	// Progress may be nil.
	Progress Progress
}

// Pushed is what Push has done.
type Pushed struct {
	File api.File
	// AlreadyThere is set when the registry had the very same file, and nothing was sent.
	AlreadyThere bool
	// Resumed is how many bytes an earlier Push had sent that this one did not send again.
	Resumed int64
	// Warning is what the registry has to say about a file that it stored, but doubts.
	Warning string
}

// Push sends a file. An earlier Push of it that broke off is taken up where it was: only the parts
// are sent that have not arrived. Parts that fail are sent again, with new URLs when theirs have
// expired. When ctx ends, what has arrived stays for the next Push.
//
// The SHA-256 of the file is computed while its parts go up and declared when they are complete:
// where the registry computes another one, nothing is stored and the error is a *ChecksumError. The
// error is a Conflict when the version is released and has another file at the target.
func (c *Client) Push(ctx context.Context, o PushOptions) (Pushed, error) {
	f, err := openLocal(o.Path)
	if err != nil {
		return Pushed{}, err
	}
	defer f.Close()
	if f.size == 0 {
		return Pushed{}, fmt.Errorf("%s is empty", o.Path)
	}
	p := &push{local: f, parallel: o.Parallel}
	p.upload = upload{c: c, target: o.Target, file: f.origin, progress: orSilent(o.Progress), unchanged: f.unchanged}
	if p.parallel <= 0 {
		p.parallel = DefaultParallel
	}
	return p.run(ctx)
}

// push is a Push at work.
type push struct {
	upload
	local    *local
	parallel int
	// sum is the file's SHA-256, hex, when it was needed before the upload.
	sum string
}

func (p *push) run(ctx context.Context) (Pushed, error) {
	if file, same, err := p.compare(ctx); err != nil || same {
		return Pushed{File: file, AlreadyThere: same}, err
	}
	u, err := p.open(ctx)
	if err != nil {
		return Pushed{}, err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	sum := p.local.hashInBackground(ctx, p.sum)
	resumed, err := p.transfer(ctx, u)
	if err != nil {
		return Pushed{}, err
	}
	want, err := sum()
	if err = cmp.Or(err, p.unchanged()); err != nil {
		return Pushed{}, err
	}
	if u, err = p.complete(ctx, u, api.CompleteUpload{Checksum: want}); err != nil {
		return Pushed{}, err
	}
	return Pushed{File: *u.File, Resumed: resumed, Warning: u.Warning}, nil
}

// compare finds out whether the registry has the file already. The local file is read for that
// only when the sizes are equal.
func (p *push) compare(ctx context.Context) (file api.File, same bool, err error) {
	file, err = p.c.File(ctx, p.target)
	switch {
	case registry.KindOf(err) == registry.NotFound:
		return file, false, nil
	case err != nil || file.FileSize != p.file.size:
		return file, false, err
	}
	p.progress.Enter(Comparing, p.file.size, 0)
	p.sum, err = p.local.hash(ctx, registry.SHA256, p.progress.Moved)
	return file, p.sum == file.Checksum, err
}

// open takes up an upload that broke off, or begins one.
func (p *push) open(ctx context.Context) (api.Upload, error) {
	u, found, err := p.unfinished(ctx)
	if err != nil || found {
		return u, err
	}
	in := api.BeginUpload{Size: p.file.size, FileName: p.file.name, Checksum: p.sum}
	return p.c.BeginUpload(ctx, p.target, in)
}

// transfer sends the parts that have not arrived. What is not open has all of them.
func (p *push) transfer(ctx context.Context, u api.Upload) (resumed int64, err error) {
	if u.State != string(registry.UploadOpen) {
		return p.file.size, nil
	}
	parts, err := plan(u, p.file.size)
	if err != nil {
		return 0, err
	}
	missing, err := p.missing(ctx, u, parts)
	if err != nil {
		return 0, err
	}
	resumed = p.file.size - total(missing)
	p.progress.Enter(Sending, p.file.size, resumed)
	return resumed, p.send(ctx, u, missing)
}

// missing leaves out the parts that have arrived with the bytes that the file has now.
func (p *push) missing(ctx context.Context, u api.Upload, parts []part) ([]part, error) {
	if len(u.Parts) == 0 {
		return parts, nil
	}
	arrived := arrivedOf(u)
	p.progress.Enter(Comparing, p.file.size, 0)
	there := map[int]bool{}
	for _, part := range parts {
		same, err := p.file.has(part, &cancelled{ctx, p.content(part)}, arrived[part.number], u)
		if err != nil {
			return nil, err
		}
		there[part.number] = same
		p.progress.Moved(part.size)
	}
	return slices.DeleteFunc(parts, func(part part) bool { return there[part.number] }), nil
}

// content is what a part has.
func (p *push) content(part part) *io.SectionReader {
	return io.NewSectionReader(p.local, part.offset, part.size)
}

// send sends parts, several at once. The first that cannot be sent ends it.
func (p *push) send(ctx context.Context, u api.Upload, missing []part) error {
	links := p.links(u, missing)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(p.parallel)
	for _, part := range missing {
		group.Go(func() error { return p.sendPart(ctx, links, part, p.content(part)) })
	}
	return group.Wait()
}
