package upload

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// What a client did not send is no fault of the registry's, whoever finds it out.
func TestWhoIsToldThatBytesDidNotCome(t *testing.T) {
	for err, want := range map[error]registry.Kind{
		io.ErrUnexpectedEOF: registry.BadUpload, context.Canceled: registry.BadUpload, blobstore.ErrPart: registry.BadUpload,
		blobstore.ErrStalled: registry.Timeout, blobstore.ErrNoUpload: registry.Conflict, errors.New("a fault"): registry.Internal,
	} {
		if got := registry.KindOf(brokenOff(fmt.Errorf("part 7: %w", err))); got != want {
			t.Errorf("%v: %s, want %s", err, registry.Kinds[got].Code, registry.Kinds[want].Code)
		}
	}
}
