package local

import (
	"errors"
	"fmt"
	"strings"
	"syscall"

	"github.com/boxvault/boxvault/shared/itemstore"
)

// explain marks the error of a device without room with itemstore.ErrFull. bbolt passes on the
// cause of a failed write, but only the text of it when the file could not be made longer.
func explain(err error) error {
	if err == nil {
		return nil
	}
	for _, cause := range []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT} {
		if errors.Is(err, cause) || strings.Contains(err.Error(), cause.Error()) {
			return fmt.Errorf("%w (%w)", itemstore.ErrFull, err)
		}
	}
	return err
}
