package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	blobs "github.com/boxvault/boxvault/shared/blobstore/local"
)

// checkRestored refuses a data folder that has box files and no records, as half a restore leaves it: the
// registry would begin anew, and the first stranger to sign up would be its admin. A first start that was
// interrupted has no box files yet.
func checkRestored(data string) error {
	records := filepath.Join(data, recordsName)
	info, err := os.Stat(records)
	if err == nil && info.Size() > 0 || err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil // opening it tells what else is wrong
	}
	files := filepath.Join(data, filesFolder)
	some, err := blobs.HasObjects(files)
	if err != nil || !some {
		return err
	}
	return fmt.Errorf("%s has box files, but their records in %s are missing or empty: restore %[2]s, or move %[1]s away to begin anew", files, records)
}
