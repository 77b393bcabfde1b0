package client

import (
	"context"
	"hash"
	"io"
	"os"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// download is a Pull at work.
type download struct {
	c        *Client
	target   registry.Target
	size     int64             // bytes; -1 of a file that is kept elsewhere
	want     registry.Checksum // Sum is empty when nobody says
	progress Progress

	out *os.File
	// offset is how many bytes out has, and sum their checksum.
	offset int64
	sum    hash.Hash
}

func (c *Client) newDownload(t registry.Target, file api.File, p Progress) (*download, error) {
	d := &download{c: c, target: t, size: file.FileSize, progress: orSilent(p)}
	if file.Contents == string(registry.ContentsElsewhere) {
		d.size = -1
	}
	algorithm, err := registry.ParseChecksumType(file.ChecksumType)
	d.want = registry.Checksum{Type: algorithm, Sum: file.Checksum}
	return d, err
}

// rest fetches what is missing.
func (d *download) rest(ctx context.Context) error {
	if d.offset == d.size {
		return nil
	}
	link := func(ctx context.Context, from int64) (string, error) { return d.c.download(ctx, d.target, from) }
	from, err := d.c.Open(ctx, Remote{Link: link, Size: d.size}, d.offset)
	if err != nil {
		return err
	}
	defer from.Close()
	n, err := copyCounted(io.MultiWriter(d.out, d.sum), from, d.progress.Moved)
	d.offset += n
	return err
}

// copyCounted copies with a large buffer, and reports as it goes.
func copyCounted(to io.Writer, from io.Reader, moved func(int64)) (int64, error) {
	return io.CopyBuffer(onlyWriter{to}, &metered{r: from, moved: moved}, make([]byte, 256<<10))
}
