package hcp

import (
	"context"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// Download says where a file is to be had.
type Download struct {
	URL          string `json:"url"`
	Checksum     string `json:"checksum,omitempty"` // hex
	ChecksumType string `json:"checksum_type" schema:"enum=NONE|MD5|SHA1|SHA256|SHA384|SHA512"`
}

// DownloadBox answers with a URL of a file that needs no token for an hour, and counts that as a download.
func (s *Service) DownloadBox(ctx context.Context, caller registry.Caller, req ArchitectureRequest) (Download, error) {
	a, err := s.read(ctx, caller, req.VersionPath)
	if err != nil {
		return Download{}, err
	}
	_, one := a.Version.FileAt(req.Provider, req.Architecture)
	if one == nil {
		return Download{}, registry.Missing("file")
	}
	told := Download{URL: one.File.URL}
	told.Checksum, told.ChecksumType = checksumOf(one.File.Checksum())
	if !one.File.Elsewhere() {
		link, err := s.Blobs.SignGet(ctx, one.File.Blob, blobstore.LinkOptions{TTL: registry.LinkLife, FileName: one.File.Name, Size: one.File.Size})
		if err != nil {
			return Download{}, err
		}
		told.URL = link.URL
	}
	err = s.Catalog.CountDownload(ctx, a.Box, one.File.ID)
	if registry.KindOf(err) == registry.Full { // a full disk keeps nobody from downloading
		err = nil
	}
	return told, err
}
