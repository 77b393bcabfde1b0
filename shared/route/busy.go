package route

import (
	"errors"
	"time"

	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// busyFor is what a client is asked to wait when a store had too much to do: DynamoDB and S3 make room
// for more within seconds.
const busyFor = 2 * time.Second

// unexpected is what a client is told of an error that is not for it: whether to come again.
func unexpected(err error, request string) *registry.Error {
	if errors.Is(err, itemstore.ErrBusy) || errors.Is(err, blobstore.ErrBusy) {
		return registry.Errorf(registry.Busy, "the registry has too much to do; try again in a moment").After(busyFor)
	}
	return registry.Errorf(registry.Internal, "internal error; the log has it under request id %s", request)
}
