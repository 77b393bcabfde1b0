package client

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// large sends a file part by part.
func (r *relay) large(ctx context.Context) (done Pushed, err error) {
	u, err := r.begin(ctx)
	if err != nil {
		return done, err
	}
	known := r.Checksum
	if done.Resumed = r.file.size; u.State == string(registry.UploadOpen) {
		if done.Resumed, known, err = r.transfer(ctx, u); err != nil {
			return done, err
		}
	}
	in := api.CompleteUpload{}
	if known != "" {
		in = api.CompleteUpload{Checksum: known, ChecksumType: cmp.Or(r.ChecksumType, registry.SHA256)}
	}
	u, err = r.complete(ctx, u, in)
	if err == nil {
		done.File, done.Warning = *u.File, u.Warning
	}
	return done, err
}

// begin takes up an upload that broke off, or begins one.
func (r *relay) begin(ctx context.Context) (api.Upload, error) {
	u, found, err := r.unfinished(ctx)
	if err != nil || found && u.Checksum == r.Checksum {
		return u, err
	}
	return r.c.BeginUpload(ctx, r.target, api.BeginUpload{
		Size: r.file.size, FileName: r.FileName, Checksum: r.Checksum, ChecksumType: r.ChecksumType,
	})
}

// transfer sends the parts that have not arrived, one while the next one is read. It returns how many
// bytes were there, and the file's checksum: that of what was read, if that was all of it, else the
// one that is expected.
func (r *relay) transfer(ctx context.Context, u api.Upload) (resumed int64, checksum string, err error) {
	parts, err := plan(u, r.file.size)
	if err != nil {
		return 0, "", err
	}
	todo := r.unread(u, parts)
	resumed = r.file.size - total(todo)
	r.progress.Enter(Sending, r.file.size, resumed)
	t := &transfer{relay: r, upload: u, arrived: arrivedOf(u), links: r.links(u, todo), sum: newSum(r.ChecksumType)}
	again, err := t.run(ctx, todo)
	if err != nil {
		return resumed, "", err
	}
	resumed += again
	if len(todo) < len(parts) {
		return resumed, r.Checksum, nil
	}
	if err := t.sum.hold(r.Checksum); err != nil {
		_ = r.c.AbortUpload(ctx, r.target, u.ID) // it expires, if this does not get there
		return resumed, "", err
	}
	return resumed, t.sum.hex(), nil
}

// unread leaves out the parts that need not be read. Where nothing is known of the file's checksum, all
// must be: for the checksum, and to find out whether what has arrived is of this file.
func (r *relay) unread(u api.Upload, parts []part) []part {
	if r.Checksum == "" {
		return parts
	}
	arrived := arrivedOf(u)
	return slices.DeleteFunc(slices.Clone(parts), func(p part) bool { return arrived[p.number].Size == p.size })
}

// transfer is the parts of one relay on their way.
type transfer struct {
	*relay
	upload  api.Upload
	arrived map[int]api.UploadedPart
	links   *links
	sum     sum
}

// inMemory is how many parts there are at a time: one is sent while the next one is read.
const inMemory = 2

// run reads the parts and has them sent; again is how many bytes had arrived all the same.
func (t *transfer) run(ctx context.Context, parts []part) (again int64, err error) {
	free := make(chan *bytes.Buffer, inMemory)
	for range inMemory {
		free <- &bytes.Buffer{}
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		for _, p := range parts {
			buffer, err := acquire(ctx, free)
			if err != nil {
				return err
			}
			there, err := t.read(ctx, p, buffer)
			switch {
			case err != nil:
				return err
			case there:
				again += p.size
				free <- buffer
				continue
			}
			group.Go(func() error {
				defer func() { free <- buffer }()
				return t.sendPart(ctx, t.links, p, bytes.NewReader(buffer.Bytes()))
			})
		}
		return nil
	})
	err = group.Wait()
	return again, err
}

func acquire(ctx context.Context, free <-chan *bytes.Buffer) (*bytes.Buffer, error) {
	select {
	case buffer := <-free:
		return buffer, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// read reads a part, and reports whether it has arrived before.
func (t *transfer) read(ctx context.Context, p part, buffer *bytes.Buffer) (there bool, err error) {
	if err := t.seek(ctx, p.offset); err != nil {
		return false, err
	}
	buffer.Reset()
	buffer.Grow(int(p.size))
	n, err := io.CopyN(io.MultiWriter(buffer, t.sum), &cancelled{ctx, t.relay}, p.size)
	if err == io.EOF {
		err = registry.Errorf(registry.BadUpload, "the file has %d bytes, and %d were announced", p.offset+n, t.file.size)
	}
	if err != nil {
		return false, err
	}
	there, err = t.file.has(p, bytes.NewReader(buffer.Bytes()), t.arrived[p.number], t.upload)
	if there {
		t.progress.Moved(p.size)
	}
	return there, err
}
