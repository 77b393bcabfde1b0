package local

import "path/filepath"

// Room tells how many bytes the device has that the store is on, and how many of them can still be
// written. Both are 0 on systems that do not say. It fails when the folder is gone.
func (s *Store) Room() (total, free int64, err error) {
	return room(filepath.Join(s.dir, "objects"))
}
