package route

import (
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/boxvault/boxvault/shared/registry"
)

// stallTime is how long a client may send nothing while its body is awaited.
const stallTime = time.Minute

// stallGuard ends the wait for a body that stalls, however long the body as a whole may take.
type stallGuard struct {
	io.ReadCloser
	deadline func(time.Time) error
}

// guardBody puts a stallGuard in front of the body of a request, which must be a copy: the server looks
// at the body of its own one to see what was not read, and would wait for that before it answers.
// Where the connection has no deadlines (on AWS a function gets the body whole) nothing is guarded.
func guardBody(w http.ResponseWriter, copied *http.Request) *http.Request {
	if copied.Body != nil && copied.Body != http.NoBody {
		copied.Body = &stallGuard{copied.Body, http.NewResponseController(w).SetReadDeadline}
	}
	return copied
}

func (g *stallGuard) Read(p []byte) (int, error) {
	_ = g.deadline(time.Now().Add(stallTime))
	n, err := g.ReadCloser.Read(p)
	switch {
	case err == io.EOF: // the handler may now take as long as it wants
		_ = g.deadline(time.Time{})
	case errors.Is(err, os.ErrDeadlineExceeded):
		err = registry.Errorf(registry.Timeout, "no byte has come for a minute: the upload was given up")
	}
	return n, err
}
