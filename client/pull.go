package client

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// PullOptions say what Pull fetches, and where to.
type PullOptions struct {
	// Target says which file; what it leaves open is chosen as Resolve does.
	Target registry.Target
	// Path is where the file is to be; empty, it is FileName of the target in the working folder.
	Path string
	// Overwrite replaces another file that is at Path.
	Overwrite bool
	// Progress may be nil.
	Progress Progress
}

// Pulled is what Pull has done.
type Pulled struct {
	Target registry.Target // with nothing left open
	Path   string
	File   api.File
	// AlreadyThere is set when Path had the very same file, and nothing was fetched.
	AlreadyThere bool
	// Resumed is how many bytes an earlier Pull had fetched that this one did not fetch again.
	Resumed int64
}

// Pull fetches a file. The bytes go into a `.part` file beside Path, which takes its name once it
// is whole, its checksum is right and it is on disk. When ctx ends, or the connection cannot be
// mended, the `.part` file stays, and the next Pull fetches the rest. With a wrong checksum it is
// removed and the error is a *ChecksumError. A Conflict is another file at Path.
func (c *Client) Pull(ctx context.Context, o PullOptions) (Pulled, error) {
	target, file, err := c.Resolve(ctx, o.Target)
	if err != nil {
		return Pulled{}, err
	}
	pulled := Pulled{Target: target, Path: o.Path, File: file}
	if pulled.Path == "" {
		pulled.Path = FileName(target)
	}
	d, err := c.newDownload(target, file, o.Progress)
	if err != nil {
		return pulled, err
	}
	if pulled.AlreadyThere, err = d.alreadyAt(ctx, pulled.Path); err != nil || pulled.AlreadyThere {
		return pulled, err
	}
	if _, err := os.Lstat(pulled.Path); err == nil && !o.Overwrite {
		return pulled, registry.Errorf(registry.Conflict, "%s exists and is another file", pulled.Path)
	}
	pulled.Resumed, err = d.fetch(ctx, pulled.Path)
	return pulled, err
}

// alreadyAt reports whether the file is at path.
func (d *download) alreadyAt(ctx context.Context, path string) (bool, error) {
	there, err := openLocal(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer there.Close()
	if d.size >= 0 && there.size != d.size || d.want.Sum == "" {
		return false, nil
	}
	d.progress.Enter(Comparing, there.size, 0)
	sum, err := there.hash(ctx, d.want.Type, d.progress.Moved)
	return sum == d.want.Sum, err
}

// partPath is where the bytes are gathered. The checksum in the name keeps the beginning of one
// file from being taken for that of another.
func partPath(path, checksum string) string {
	return fmt.Sprintf("%s.%.12s.part", path, checksum)
}

// fetch gathers the bytes and puts the file at path.
func (d *download) fetch(ctx context.Context, path string) (resumed int64, err error) {
	gathered := partPath(path, d.want.Sum)
	d.out, err = os.OpenFile(gathered, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return 0, err
	}
	defer d.out.Close()
	if err := d.resume(ctx); err != nil {
		return 0, err
	}
	resumed = d.offset
	d.progress.Enter(Fetching, d.size, resumed)
	if err := d.rest(ctx); err != nil {
		return resumed, err
	}
	if sum := hex.EncodeToString(d.sum.Sum(nil)); d.want.Sum != "" && sum != d.want.Sum {
		return 0, errors.Join(&ChecksumError{What: "what was downloaded", Type: d.want.Type, Got: sum, Want: d.want.Sum, Done: "it was removed"}, os.Remove(gathered))
	}
	return resumed, d.publish(gathered, path)
}

// resume reads what an earlier Pull has gathered, for the checksum. Without one, nobody could tell whether
// it is of this file, and it begins anew.
func (d *download) resume(ctx context.Context) error {
	info, err := d.out.Stat()
	if err != nil {
		return err
	}
	if d.sum = registry.NewHash(d.want.Type); d.want.Sum == "" || d.size >= 0 && info.Size() > d.size {
		return d.out.Truncate(0)
	}
	if info.Size() == 0 {
		return nil
	}
	d.progress.Enter(Comparing, info.Size(), 0)
	d.offset, err = copyCounted(d.sum, &cancelled{ctx, d.out}, d.progress.Moved)
	return err
}

// publish makes the gathered bytes durable and gives them their name.
func (d *download) publish(gathered, path string) error {
	if err := d.out.Sync(); err != nil {
		return err
	}
	if err := d.out.Close(); err != nil {
		return err
	}
	return os.Rename(gathered, path)
}
