package files

import (
	"context"
	"errors"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
	"github.com/boxvault/boxvault/shared/upload"
)

// UploadFormRequest is a file in a form.
type UploadFormRequest struct {
	api.ArchitecturePath
	Checksum     string       `header:"X-Checksum" json:"-"`
	ChecksumType string       `header:"X-Checksum-Type" json:"-"`
	Body         route.Stream `form:"file"`
}

// UploadForm takes the field `file` of a form as it streams in.
func (s *Service) UploadForm(ctx context.Context, caller registry.Caller, req UploadFormRequest) (api.UploadResult, error) {
	a, t, err := s.destination(ctx, caller, req.ArchitecturePath)
	if err != nil {
		return api.UploadResult{}, err
	}
	body, name, err := req.Body.FormFile("file")
	if err != nil {
		return api.UploadResult{}, err
	}
	d := upload.Declared{Size: -1, FileName: name, Checksum: req.Checksum, ChecksumType: req.ChecksumType}
	if req.Body.Size > 0 { // the form is a little longer than its file
		d.PartSize = blobstore.PartSize(req.Body.Size)
	}
	u, err := s.Uploads.Whole(ctx, caller, a, t, d, body)
	return result(u, "File upload completed"), err
}

// UploadRawRequest is a file, or a chunk of one, as the request body.
type UploadRawRequest struct {
	api.ArchitecturePath
	FileName     string `header:"X-File-Name" json:"-"`
	Checksum     string `header:"X-Checksum" json:"-"`
	ChecksumType string `header:"X-Checksum-Type" json:"-"`
	ChunkIndex   *int   `header:"X-Chunk-Index" json:"-"`
	TotalChunks  *int   `header:"X-Total-Chunks" json:"-"`
	Body         route.Stream
}

// UploadRaw takes the request body as it streams in.
func (s *Service) UploadRaw(ctx context.Context, caller registry.Caller, req UploadRawRequest) (api.UploadResult, error) {
	a, t, err := s.destination(ctx, caller, req.ArchitecturePath)
	if err != nil {
		return api.UploadResult{}, err
	}
	d := upload.Declared{Size: req.Body.Size, FileName: req.FileName, Checksum: req.Checksum, ChecksumType: req.ChecksumType}
	chunk, err := req.chunk()
	switch {
	case err != nil:
		return api.UploadResult{}, err
	case chunk == nil || chunk.Total == 1 && chunk.Index == 0:
		u, err := s.Uploads.Whole(ctx, caller, a, t, d, req.Body.Body)
		return result(u, "File upload completed"), err
	}
	p, err := s.Uploads.Chunk(ctx, caller, a, t, d, *chunk)
	return chunkResult(p, *chunk), err
}

// chunk reads the chunk headers; nil when there are none.
func (r UploadRawRequest) chunk() (*upload.Chunk, error) {
	if r.ChunkIndex == nil && r.TotalChunks == nil {
		return nil, nil
	}
	var wrong registry.Fields
	if r.ChunkIndex == nil {
		wrong.Check("X-Chunk-Index", errNeeded)
	}
	if r.TotalChunks == nil {
		wrong.Check("X-Total-Chunks", errNeeded)
	}
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	return &upload.Chunk{Index: *r.ChunkIndex, Total: *r.TotalChunks, Size: r.Body.Size, Body: r.Body.Body}, nil
}

var errNeeded = errors.New("is needed: chunks have both an index and a total")

func result(u registry.Upload, message string) api.UploadResult {
	out := api.UploadResult{
		Success: true, Message: message, Warning: u.Warning,
		Details: api.UploadDetails{IsComplete: true, Status: "complete"},
	}
	if u.File != nil {
		told := api.FromFile(*u.File)
		out.File, out.Details.FileSize = &told, told.FileSize
	}
	return out
}

func chunkResult(p upload.Progress, c upload.Chunk) api.UploadResult {
	if p.Upload.State == registry.UploadStored {
		return result(p.Upload, "File upload completed")
	}
	return api.UploadResult{
		Success: true, Message: "Chunk upload completed",
		Details: api.UploadDetails{
			Status: "uploading", ChunksReceived: p.Received, TotalChunks: c.Total, CurrentChunk: c.Index,
		},
	}
}
