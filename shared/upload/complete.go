package upload

import (
	"context"
	"errors"
	"time"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// lease is how long a process that completes or verifies an upload is left alone without a sign of
// life from it.
const lease = time.Minute

// Complete makes one object of the parts of an upload and verifies it. When that takes longer than
// Patience, the upload comes back in state verifying and goes on behind the request; asked again
// later, it comes back as far as it is.
func (s *Uploads) Complete(ctx context.Context, u registry.Upload) (registry.Upload, error) {
	if u.Done() {
		return u, outcome(u)
	}
	if s.Now().Before(u.Lease) { // somebody is at it
		return u, nil
	}
	// From here on the janitor sees to it, in case this process does not get to the end.
	u.State, u.Lease = registry.UploadCompleting, s.Now().Add(lease)
	u, err := s.Catalog.TakeUpload(ctx, u)
	if registry.Retryable(err) { // another request was quicker
		if u, err = s.Catalog.Upload(ctx, u.Home, u.ID); err == nil {
			err = outcome(u)
		}
		return u, err
	}
	if err != nil {
		return u, err
	}
	if err := s.assemble(ctx, u); err != nil {
		return s.reopen(ctx, u, err)
	}
	if u, err = s.advance(ctx, u, registry.UploadVerifying); err != nil {
		return u, err
	}
	return s.verifyPatiently(ctx, u)
}

// outcome is the error that a failed upload ended with.
func outcome(u registry.Upload) error {
	if u.State == registry.UploadFailed {
		return registry.Errorf(u.FailureKind, "%s", u.Failure)
	}
	return nil
}

// advance moves an upload on, for one process only: of two, one finds it changed.
func (s *Uploads) advance(ctx context.Context, u registry.Upload, state registry.UploadState) (registry.Upload, error) {
	u.State, u.Lease = state, s.Now().Add(lease)
	return s.Catalog.SaveUpload(ctx, u)
}

// assemble makes the object, unless that was done before a crash.
func (s *Uploads) assemble(ctx context.Context, u registry.Upload) error {
	parts, err := s.Blobs.Parts(ctx, blob(u))
	if errors.Is(err, blobstore.ErrNoUpload) {
		_, err := s.Blobs.Head(ctx, u.Blob)
		return told(err)
	}
	if err != nil {
		return told(err)
	}
	if err := allThere(u, parts); err != nil {
		return err
	}
	_, err = s.Blobs.Complete(ctx, blob(u), parts)
	return told(err)
}

// allThere says which parts are missing before the store is asked to put them together.
func allThere(u registry.Upload, parts []blobstore.Part) error {
	count := PartCount(u)
	if len(parts) == count {
		return nil
	}
	have := map[int]bool{}
	for _, p := range parts {
		have[p.Number] = true
	}
	var missing []int
	for n := 1; n <= count && len(missing) < 20; n++ {
		if !have[n] {
			missing = append(missing, n)
		}
	}
	return registry.Errorf(registry.BadUpload, "%d of %d parts have come: send the missing ones and complete again", len(parts), count).
		With("missing", missing).With("received", len(parts)).With("partCount", count)
}

// reopen lets a client mend what kept its parts from being put together.
func (s *Uploads) reopen(ctx context.Context, u registry.Upload, why error) (registry.Upload, error) {
	u.State, u.Lease = registry.UploadOpen, time.Time{}
	if _, err := s.Catalog.SaveUpload(context.WithoutCancel(ctx), u); err != nil {
		return u, errors.Join(why, err)
	}
	return u, why
}

// verifyPatiently verifies behind the request, and waits for it as long as Patience lasts.
func (s *Uploads) verifyPatiently(ctx context.Context, u registry.Upload) (registry.Upload, error) {
	type answer struct {
		u   registry.Upload
		err error
	}
	done := make(chan answer, 1)
	go func() {
		u, err := s.verify(context.WithoutCancel(ctx), u)
		done <- answer{u, err}
	}()
	select {
	case a := <-done:
		return a.u, a.err
	case <-time.After(s.Patience):
		return u, nil
	case <-ctx.Done():
		return u, nil
	}
}

// Resume goes on with an upload whose process went away. Nothing happens to one that is over, open,
// or in somebody's hands.
func (s *Uploads) Resume(ctx context.Context, u registry.Upload) (registry.Upload, error) {
	if u.Done() || u.State == registry.UploadOpen || s.Now().Before(u.Lease) {
		return u, nil
	}
	ctx = registry.WithAuthor(ctx, registry.Author{Account: u.Account, Username: u.Username})
	return s.Complete(ctx, u)
}
