package files

import (
	"context"
	"net/http"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/upload"
)

// BeginUploadRequest declares a file.
type BeginUploadRequest struct {
	api.ArchitecturePath
	api.BeginUpload
}

// BeginUpload opens an upload, and answers with the URLs of its first parts.
func (s *Service) BeginUpload(ctx context.Context, caller registry.Caller, req BeginUploadRequest) (api.Upload, error) {
	if req.Size < 1 {
		return api.Upload{}, registry.Wrong("size", "must be the file's size in bytes")
	}
	a, t, err := s.destination(ctx, caller, req.ArchitecturePath)
	if err != nil {
		return api.Upload{}, err
	}
	u, err := s.Uploads.Begin(ctx, caller, a, t, upload.Declared{
		Size: req.Size, FileName: req.FileName, Checksum: req.Checksum, ChecksumType: req.ChecksumType,
	})
	if err != nil {
		return api.Upload{}, err
	}
	told := describe(u)
	first := make([]int, min(told.PartCount, api.MaxSignedParts))
	for i := range first {
		first[i] = i + 1
	}
	told.URLs, err = s.urls(ctx, u, first)
	return told, err
}

func (s *Service) urls(ctx context.Context, u registry.Upload, numbers []int) ([]api.PartURL, error) {
	links, err := s.Uploads.Sign(ctx, u, numbers)
	urls := make([]api.PartURL, len(links))
	for i, l := range links {
		urls[i] = api.PartURL{PartNumber: numbers[i], Method: l.Method, URL: l.URL, ExpiresAt: l.Expires}
	}
	return urls, err
}

func describe(u registry.Upload) api.Upload {
	out := api.Upload{
		ID: u.ID, State: string(u.State), Organization: u.Target.Organization, Box: u.Target.Box,
		Version: string(u.Target.Version), Provider: u.Target.Provider, Architecture: u.Target.Architecture,
		FileName: u.FileName, Size: u.Size, Checksum: u.Checksum, ChecksumType: u.ChecksumType,
		PartSize: u.PartSize, PartCount: upload.PartCount(u), UploadedBy: u.Username,
		CreatedAt: u.CreatedAt, ExpiresAt: u.ExpiresAt, Failure: u.Failure, Warning: u.Warning,
	}
	if u.File != nil {
		file := api.FromFile(*u.File)
		out.File = &file
	}
	return out
}

// ListUploadsRequest names an architecture.
type ListUploadsRequest struct{ api.ArchitecturePath }

// ListUploads lists the uploads to an architecture that are not over.
func (s *Service) ListUploads(ctx context.Context, caller registry.Caller, req ListUploadsRequest) ([]api.Upload, error) {
	a, t, err := s.writable(ctx, caller, req.ArchitecturePath, "")
	if err != nil {
		return nil, err
	}
	uploads, err := s.Catalog.Uploads(ctx, a.Box)
	list := []api.Upload{}
	for _, u := range uploads {
		if sameTarget(u.Target, t) && !u.Done() {
			list = append(list, describe(u))
		}
	}
	return list, err
}

// sameTarget compares what is below a box: the box may have been renamed since.
func sameTarget(a, b registry.Target) bool {
	return a.Version.Key() == b.Version.Key() &&
		registry.SameName(a.Provider, b.Provider) && registry.SameName(a.Architecture, b.Architecture)
}

// UploadRequest names an upload.
type UploadRequest struct {
	api.ArchitecturePath
	Upload string `path:"upload" json:"-"`
}

// find reads an upload, for who may write the box.
func (s *Service) find(ctx context.Context, caller registry.Caller, req UploadRequest) (registry.Upload, error) {
	a, t, err := s.writable(ctx, caller, req.ArchitecturePath, req.Upload)
	if err != nil {
		return registry.Upload{}, err
	}
	if a.Upload == nil || !sameTarget(a.Upload.Target, t) {
		return registry.Upload{}, registry.Missing("upload")
	}
	u := *a.Upload
	u.Target.Organization, u.Target.Box = a.Box.Organization, a.Box.Name // it may have been renamed
	return u, nil
}

// ReadUpload tells how far an upload is, with the parts that have come. One whose verification
// broke off is taken up again.
func (s *Service) ReadUpload(ctx context.Context, caller registry.Caller, req UploadRequest) (api.Upload, error) {
	u, err := s.find(ctx, caller, req)
	if err != nil {
		return api.Upload{}, err
	}
	u, err = s.Uploads.Resume(ctx, u)
	if err != nil && u.State != registry.UploadFailed {
		return api.Upload{}, err
	}
	parts, err := s.Uploads.Parts(ctx, u)
	told := describe(u)
	for _, p := range parts {
		told.Parts = append(told.Parts, api.UploadedPart{PartNumber: p.Number, Size: p.Size, ETag: p.ETag})
	}
	return told, err
}

// SignPartsRequest asks for the URLs of parts.
type SignPartsRequest struct {
	UploadRequest
	api.SignParts
}

// SignParts answers with the URLs of parts, anew as often as asked.
func (s *Service) SignParts(ctx context.Context, caller registry.Caller, req SignPartsRequest) (api.Upload, error) {
	if n := len(req.PartNumbers); n < 1 || n > api.MaxSignedParts {
		return api.Upload{}, registry.Wrong("partNumbers", "must have 1 to 500 part numbers")
	}
	u, err := s.find(ctx, caller, req.UploadRequest)
	if err != nil {
		return api.Upload{}, err
	}
	told := describe(u)
	told.URLs, err = s.urls(ctx, u, req.PartNumbers)
	return told, err
}

// CompleteUploadRequest says that all parts are there.
type CompleteUploadRequest struct {
	UploadRequest
	api.CompleteUpload
}

// CompleteUpload makes a file of the parts and verifies it. The answer is 202 when that goes on
// behind the request.
func (s *Service) CompleteUpload(ctx context.Context, caller registry.Caller, req CompleteUploadRequest) (api.Upload, error) {
	u, err := s.find(ctx, caller, req.UploadRequest)
	if err != nil {
		return api.Upload{}, err
	}
	if u, err = upload.Declare(u, req.Checksum, req.ChecksumType); err != nil {
		return api.Upload{}, err
	}
	u, err = s.Uploads.Complete(ctx, u)
	told := describe(u)
	if !u.Done() {
		told.Status = http.StatusAccepted
	}
	return told, err
}

// AbortUpload gives an upload up.
func (s *Service) AbortUpload(ctx context.Context, caller registry.Caller, req UploadRequest) (api.Done, error) {
	u, err := s.find(ctx, caller, req)
	if err != nil {
		return api.Done{}, err
	}
	return api.OK("Upload aborted."), s.Uploads.Abort(ctx, u)
}
