package upload

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/boxvault/boxvault/shared/boxfile"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// finish holds what was found against what was declared and demanded, and lists the file. An
// upload that does not pass fails, with the error that is returned.
func (s *Uploads) finish(ctx context.Context, u registry.Upload, f found) (registry.Upload, error) {
	if f.zip {
		if err := s.lookInsideZip(ctx, u, &f); err != nil {
			return u, err
		}
	}
	done, err := s.place(ctx, u, f)
	if err == nil || registry.KindOf(err) == registry.Internal {
		return done, err // a fault of ours is no judgement of the file: the bytes stay, and are tried again
	}
	if endErr := s.end(ctx, u, failure(err)); endErr != nil {
		return u, endErr
	}
	u.State, u.Failure = registry.UploadFailed, err.Error()
	return u, err
}

// placeTries is how often a file is tried to be listed while others change the same version.
const placeTries = 20

// place lists the file, if it may be. Whatever was decided is decided again when the box or the
// version has changed meanwhile.
func (s *Uploads) place(ctx context.Context, u registry.Upload, f found) (registry.Upload, error) {
	for try := 1; ; try++ {
		done, err := s.tryPlace(ctx, u, f)
		if err == nil || !registry.Retryable(err) || try == placeTries {
			return done, err
		}
		if fresh, readErr := s.Catalog.Upload(ctx, u.Home, u.ID); readErr != nil || fresh.Rev != u.Rev {
			return fresh, overtaken(fresh, readErr, err)
		}
	}
}

// overtaken is for an upload that another request has finished meanwhile.
func overtaken(fresh registry.Upload, readErr, err error) error {
	if readErr == nil && fresh.State == registry.UploadStored {
		return nil
	}
	return err
}

func (s *Uploads) tryPlace(ctx context.Context, u registry.Upload, f found) (registry.Upload, error) {
	a, err := s.Catalog.BoxAt(ctx, u.Home, u.BoxID, catalog.Wanted{Number: u.Target.Version})
	if registry.KindOf(err) == registry.NotFound {
		return u, gone("box")
	}
	if err != nil {
		return u, err
	}
	if err := stillWanted(u, a); err != nil {
		return u, err
	}
	if err := judge(u, f, a.Organization.Policy); err != nil {
		return u, err
	}
	if u.Keeps != 0 {
		return s.keep(ctx, a, u, f)
	}
	if file := fixedFile(a, u.Target); file != nil {
		return s.again(ctx, u, f, *file)
	}
	return s.list(ctx, a, u, f)
}

// stillWanted refuses a file whose version went away while it was on its way.
func stillWanted(u registry.Upload, a catalog.BoxAccess) error {
	if u.VersionID != 0 && (a.Version == nil || a.Version.ID != u.VersionID) {
		return gone("version")
	}
	return nil
}

// gone is NotFound, and not a Conflict that would be tried again.
func gone(what string) error {
	return registry.Errorf(registry.NotFound, "the %s was deleted while the file was being uploaded", what)
}

// judge holds a file against what its client declared and its organization demands.
func judge(u registry.Upload, f found, p registry.Policy) error {
	switch sum := f.sums[u.ChecksumType]; {
	case u.Size >= 0 && f.size != u.Size:
		return registry.Errorf(registry.BadUpload, "%d bytes were declared and %d have come: send the file again", u.Size, f.size).
			With("declaredSize", u.Size).With("receivedSize", f.size)
	case u.Checksum != "" && sum != u.Checksum:
		return registry.Errorf(registry.BadUpload, "the checksum is not the declared one: send the file again").
			With("checksumType", u.ChecksumType).With("declared", u.Checksum).With("computed", sum)
	case f.size == 0:
		return errEmpty
	case f.refused != nil:
		return registry.Errorf(registry.BadUpload, "the box file is refused: %s", f.refused.Reason)
	// A mirror's file is as its upstream has it, checksum and all.
	// Vagrant compares the two to the letter (BoxProviderDoesntMatch in its box_collection.rb).
	case u.Keeps == 0 && f.contents.Kind == boxfile.Box && f.contents.Provider != u.Target.Provider:
		return registry.Errorf(registry.BadUpload, "the box is for the provider %s, not for %s: upload it there", f.contents.Provider, u.Target.Provider).
			With("declared", u.Target.Provider).With("found", f.contents.Provider)
	case f.contents.Kind != boxfile.Box && p.RequireBoxes:
		return registry.Errorf(registry.BadUpload, "the organization takes Vagrant boxes only: %s", f.contents.Note)
	}
	return nil
}

// again is for a file that is released already: the same bytes are a repeated request, and
// answered as the first; other bytes are refused.
func (s *Uploads) again(ctx context.Context, u registry.Upload, f found, file registry.File) (registry.Upload, error) {
	if f.sums[registry.SHA256] != file.SHA256 {
		return u, registry.Immutable(u.Target.Version, u.Target.Provider, u.Target.Architecture)
	}
	u.State, u.File, u.Warning = registry.UploadStored, &file, warning(f)
	return u, s.Catalog.EndUpload(ctx, u)
}

// list puts the file where it belongs, in one write with everything that goes with it.
func (s *Uploads) list(ctx context.Context, a catalog.BoxAccess, u registry.Upload, f found) (registry.Upload, error) {
	now := s.Now()
	v := registry.NewVersion(a.Box, u.Target.Version, now)
	if a.Version != nil {
		v = *a.Version
	}
	before := v.Status
	_, old := v.FileAt(u.Target.Provider, u.Target.Architecture)
	file := registry.File{
		ID: registry.NewID(), Blob: u.Blob, Name: u.FileName, Size: f.size, SHA256: f.sums[registry.SHA256],
		Contents: registry.Contents(f.contents.Kind), Note: warning(f), UploadedBy: u.Username, UploadedAt: now,
		Distinct: a.Gone || old != nil,
	}
	replaced, err := v.Place(u.Target.Provider, u.Target.Architecture, file, now)
	if err != nil {
		return u, err
	}
	u.State, u.File, u.Warning, u.Study = registry.UploadStored, &file, file.Note, nil
	return u, retryable(s.Catalog.StoreFile(ctx, a.Box, v, u, replaced, before != v.Status))
}

// retryable marks a version that another upload has made meanwhile: this file goes into that one.
func retryable(err error) error {
	var e *registry.Error
	if errors.As(err, &e) && e.Kind == registry.Conflict {
		e.Retry = true
	}
	return err
}

// warning is what a client is told about a file that was kept.
func warning(f found) string {
	if f.contents.Kind == boxfile.Box {
		return f.contents.Note
	}
	return strings.TrimSpace(fmt.Sprintf("This is not a Vagrant box, and vagrant will not be able to add it. %s", f.contents.Note))
}
