package embedded

import (
	"path/filepath"

	"github.com/boxvault/boxvault/shared/api"
)

// linkRoute is what links to box files are called in the log and in the metrics.
const linkRoute = "BoxFile"

// disk tells about the device that the box files are on.
func (r *Registry) disk() (api.Volume, error) {
	path, err := filepath.Abs(filepath.Join(r.options.Data, filesFolder))
	if err != nil {
		return api.Volume{}, err
	}
	total, free, err := r.blobs.Room()
	v := api.Volume{Path: path}
	if total > 0 {
		v.Total, v.Free, v.Used = &total, &free, total-free
	}
	return v, err
}
