package publish

import (
	"context"
	"slices"

	"github.com/boxvault/boxvault/shared/registry"
)

// Release releases a version that is being edited; one that is released stays so. A version that has no
// file yet is released by its first one when that has come and is still being verified: clients that were
// told that their file is there ask for the release next, and only once. Conflict when there is none.
func (p Publisher) Release(ctx context.Context, e *Edit) error {
	changed, err := e.Version.Release(p.Now())
	if registry.KindOf(err) == registry.Conflict && e.Version.Status == registry.Unreleased {
		coming, readErr := p.coming(ctx, e)
		switch {
		case readErr != nil:
			return readErr
		case coming:
			e.Same = !e.Version.Hold
			e.Version.Hold = false
			return nil
		}
	}
	e.What, e.Same = []registry.EventType{registry.BoxReleased}, !changed
	return err
}

// coming reports whether a file of the version has come and is being verified.
func (p Publisher) coming(ctx context.Context, e *Edit) (bool, error) {
	uploads, err := p.Catalog.Uploads(ctx, e.Box)
	return slices.ContainsFunc(uploads, func(u registry.Upload) bool {
		return u.VersionID == e.Version.ID && (u.State == registry.UploadCompleting || u.State == registry.UploadVerifying)
	}), err
}
