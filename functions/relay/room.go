package relay

import (
	"mime"
	"net/http"
	"strings"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/boxvault/boxvault/functions/deployment"
	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/boxfile"
	"github.com/boxvault/boxvault/shared/registry"
)

const (
	mib = 1 << 20
	// each is what any upload may have in memory, in MiB: the window of a compressed box, which is held until
	// metadata.json is found, and the buffers between client, hash, inspection and bucket.
	each = boxfile.MaxWindow/mib + 8
	// retry is when a client that found no room may come again: an upload may have ended by then. That the service
	// has grown takes some minutes, and a busy processor.
	retry = time.Minute
)

var (
	full = registry.Errorf(registry.Busy,
		"as many uploads through the registry are under way as there is room for: send it again later, or use `boxvault push`, which goes past it").After(retry)
	huge = registry.Errorf(registry.TooLarge, "such a file goes past the registry: use `boxvault push`, or a presigned upload").
		With("maxSize", int64(deployment.RelayRoom-each)*mib*blobstore.MaxParts)
)

// room is the memory of a task for uploads that are under way, in MiB.
type room struct{ *semaphore.Weighted }

func newRoom() room { return room{semaphore.NewWeighted(deployment.RelayRoom)} }

// admit lets in as many uploads at a time as there is memory for: one more could end all of them.
func (m room) admit(r *http.Request) (release func(), err error) {
	takes := each + buffered(r)
	switch {
	case takes > deployment.RelayRoom:
		return nil, huge
	case !m.TryAcquire(takes):
		return nil, full
	default:
		return func() { m.Release(takes) }, nil
	}
}

// buffered is how many MiB of a body are kept before they go to the bucket: a part, of a file whose length is not
// known beforehand. A form does not say how long the file in it is.
func buffered(r *http.Request) int64 {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); r.ContentLength >= 0 && !strings.HasPrefix(kind, "multipart/") {
		return 0
	}
	return blobstore.PartSize(max(r.ContentLength, 0)) / mib
}
