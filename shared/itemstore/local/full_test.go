package local

import (
	"errors"
	"fmt"
	"syscall"
	"testing"

	"github.com/boxvault/boxvault/shared/itemstore"
)

// bbolt tells a failure to make the file longer by text only.
func TestExplainKnowsAFullDevice(t *testing.T) {
	for _, c := range []struct {
		err  error
		full bool
	}{
		{nil, false},
		{fmt.Errorf("write: %w", syscall.ENOSPC), true},
		{fmt.Errorf("write: %w", syscall.EDQUOT), true},
		{fmt.Errorf("file resize error: %s", syscall.ENOSPC), true},
		{fmt.Errorf("write: %w", syscall.EIO), false},
	} {
		got := explain(c.err)
		if errors.Is(got, itemstore.ErrFull) != c.full || !errors.Is(got, c.err) {
			t.Errorf("explain(%v) is %v", c.err, got)
		}
	}
}
