package importer

import (
	"context"
	"io"
	"slices"

	"github.com/boxvault/boxvault/shared/registry"
)

func (r reading) Read(p []byte) (int, error) {
	n, err := r.Incoming.Read(p)
	if err != io.EOF { // which is none when it is wrapped
		err = sourced(err)
	}
	return n, err
}

// finish brings the version into the state that it has at the source, once all of it is there.
func (c *copying) finish(ctx context.Context) error {
	v, here := c.version, c.here()
	lacks := slices.ContainsFunc(v.files, func(f *file) bool { return f.state == Failed || f.state == ToImport })
	switch {
	case lacks && here != registry.Unreleased, here == registry.Revoked, len(v.files) == 0:
		return nil
	case lacks:
		v.held = v.from.Status != registry.Unreleased && len(v.files) > 1
		return nil
	case v.from.Status == registry.Unreleased:
		return nil
	}
	if here == registry.Unreleased {
		if _, err := c.To.ReleaseVersion(ctx, c.box.organization, c.box.name, string(v.number)); err != nil {
			return err
		}
	}
	if v.from.Status != registry.Revoked {
		return nil
	}
	// Whoever wants to stop now does not want it to stay released.
	ctx = context.WithoutCancel(ctx)
	_, err := c.To.RevokeVersion(ctx, c.box.organization, c.box.name, string(v.number))
	return err
}

// here is the state of the version at the registry by now, as far as it is known. One that was there
// unreleased may have been held back: that is not told.
func (c *copying) here() registry.Status {
	switch v := c.version; {
	case v.there != nil:
		return registry.Status(v.there.Status)
	case v.from.Status == registry.Revoked:
		return registry.Revoked
	case c.held || !slices.ContainsFunc(v.files, func(f *file) bool { return f.state == Imported }):
		return registry.Unreleased
	}
	return registry.Active
}
