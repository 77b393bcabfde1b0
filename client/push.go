package client

import (
	"cmp"
	"context"
	"fmt"

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
	p := &push{c: c, target: o.Target, file: f, parallel: o.Parallel, progress: orSilent(o.Progress)}
	if p.parallel <= 0 {
		p.parallel = DefaultParallel
	}
	return p.run(ctx)
}

// push is a Push at work.
type push struct {
	c        *Client
	target   registry.Target
	file     *local
	parallel int
	progress Progress
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
	sum := p.file.hashInBackground(ctx, p.sum)
	resumed, err := p.transfer(ctx, u)
	if err != nil {
		return Pushed{}, err
	}
	want, err := sum()
	if err = cmp.Or(err, p.file.unchanged()); err != nil {
		return Pushed{}, err
	}
	if u, err = p.complete(ctx, u, want); err != nil {
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
	p.sum, err = p.file.hash(ctx, p.progress.Moved)
	return file, p.sum == file.Checksum, err
}

// open takes up an upload that broke off, or begins one.
func (p *push) open(ctx context.Context) (api.Upload, error) {
	u, found, err := p.unfinished(ctx)
	if err != nil || found {
		return u, err
	}
	in := api.BeginUpload{Size: p.file.size, FileName: p.file.base(), Checksum: p.sum}
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
