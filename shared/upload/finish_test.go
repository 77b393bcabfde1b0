package upload

import (
	"testing"

	"github.com/boxvault/boxvault/shared/registry"
)

// Who finds that another one has come to the end of an upload has nothing to complain of if the
// file is stored.
func TestWhoIsOvertaken(t *testing.T) {
	conflict := registry.Errorf(registry.Conflict, "the upload was changed")
	unread := registry.Missing("upload")
	for _, c := range []struct {
		state   registry.UploadState
		readErr error
		want    error
	}{
		{registry.UploadStored, nil, nil}, {registry.UploadFailed, nil, conflict}, {registry.UploadVerifying, nil, conflict},
		{"", unread, conflict},
	} {
		if got := overtaken(registry.Upload{State: c.state}, c.readErr, conflict); got != c.want {
			t.Errorf("by one that is %q (%v): %v, want %v", c.state, c.readErr, got, c.want)
		}
	}
}
