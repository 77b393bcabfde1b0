package api

import "github.com/boxvault/boxvault/shared/registry"

// Count adds the downloads to what is told about a box: all that its files ever had.
func (b *Box) Count(d registry.Downloads) {
	total := d.Total()
	b.DownloadCount = &total
	for i := range b.Versions {
		b.Versions[i].Count(d)
	}
}

// Count adds the downloads to what is told about a version and its files.
func (v *Version) Count(d registry.Downloads) {
	var total int64
	for _, p := range v.Providers {
		for _, a := range p.Architectures {
			for i := range a.Files {
				a.Files[i].Count(d)
				total += *a.Files[i].DownloadCount
			}
		}
	}
	v.DownloadCount = &total
}

// Count adds the downloads to what is told about a file.
func (f *File) Count(d registry.Downloads) {
	count := d[registry.ID(f.ID)]
	f.DownloadCount = &count
}
