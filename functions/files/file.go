package files

import (
	"context"
	"net/http"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// FileRequest names a file by its architecture.
type FileRequest struct {
	api.ArchitecturePath
	In route.Incoming
}

// ReadFile tells about a file.
func (s *Service) ReadFile(ctx context.Context, caller registry.Caller, req FileRequest) (api.File, error) {
	f, err := s.readable(ctx, caller, req.ArchitecturePath)
	if err != nil {
		return api.File{}, err
	}
	counts, err := s.Catalog.DownloadsOf(ctx, f.box.ID, f.file)
	told := api.FromFile(f.file)
	told.Count(counts)
	told.DownloadURL = req.In.Base(s.URL) + f.path
	return told, err
}

// Download sends the client to a signed URL, and counts that it did. A Range request goes on with a
// download that was counted; HEAD only looks. A file of a mirror is fetched first.
func (s *Service) Download(ctx context.Context, caller registry.Caller, req FileRequest) (any, error) {
	f, err := s.readable(ctx, caller, req.ArchitecturePath)
	if err != nil {
		return nil, err
	}
	if req.In.Method == http.MethodHead && !f.file.Elsewhere() { // a link that is signed for GET does not answer it on S3
		return route.Sketch{ContentType: "application/octet-stream", Size: f.file.Size, ETag: `"` + f.file.SHA256 + `"`}, nil
	}
	if f.file, err = s.fetched(ctx, f, req.In.Method); err != nil {
		return nil, err
	}
	link, err := s.link(ctx, f.file)
	if err != nil {
		return nil, err
	}
	if req.In.Range == "" && req.In.Method == http.MethodGet {
		err = s.Catalog.CountDownload(ctx, f.box, f.file.ID)
	}
	if registry.KindOf(err) == registry.Full { // a full disk keeps nobody from downloading
		err = nil
	}
	return route.Redirect{URL: link.URL}, err
}

// fetched waits for a file of a mirror that is not here yet. One that takes too long comes from the
// upstream this time.
func (s *Service) fetched(ctx context.Context, f stored, method string) (registry.File, error) {
	if s.Mirrors == nil || method != http.MethodGet || !f.file.Wanted() || f.access.Organization.Mirror == nil {
		return f.file, nil
	}
	kept, _, err := s.Mirrors.Await(ctx, f.access, f.target, f.file)
	return kept, err
}

// link is a URL of the file; where it is kept elsewhere, the one that its publisher gave.
func (s *Service) link(ctx context.Context, f registry.File) (blobstore.Link, error) {
	if f.Elsewhere() {
		return blobstore.Link{URL: f.URL, Expires: s.Uploads.Now().Add(registry.LinkLife)}, nil
	}
	return s.Blobs.SignGet(ctx, f.Blob, blobstore.LinkOptions{TTL: registry.LinkLife, FileName: f.Name, Size: f.Size})
}

// GetDownloadLink answers with a URL of the file that needs no token for a while.
func (s *Service) GetDownloadLink(ctx context.Context, caller registry.Caller, req FileRequest) (api.DownloadLink, error) {
	f, err := s.readable(ctx, caller, req.ArchitecturePath)
	if err != nil {
		return api.DownloadLink{}, err
	}
	link, err := s.link(ctx, f.file)
	return api.DownloadLink{DownloadURL: link.URL, ExpiresAt: link.Expires}, err
}

// DeleteFile deletes a file; its architecture stays.
func (s *Service) DeleteFile(ctx context.Context, caller registry.Caller, req FileRequest) (api.Done, error) {
	n, err := req.ParseNumber()
	if err != nil {
		return api.Done{}, err
	}
	a, err := s.Gate.WriteVersion(ctx, caller, req.Organization, req.Box, n)
	if err != nil {
		return api.Done{}, err
	}
	file, err := a.Version.TakeFile(req.Provider, req.Architecture)
	if err != nil {
		return api.Done{}, err
	}
	return api.OK("File deleted."), s.Catalog.SaveVersion(ctx, a.Box, *a.Version, registry.FileDeleted, file)
}
