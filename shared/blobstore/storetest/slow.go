package storetest

import (
	"io"

	"github.com/boxvault/boxvault/shared/blobstore"
)

// slowPart is a part whose bytes come when the test wants them to.
type slowPart struct {
	content []byte
	bytes   *io.PipeWriter
	done    chan struct{}
	part    blobstore.Part
	err     error
}

// slowPart begins to send a part.
func (e *env) slowPart(u blobstore.Upload, n int, content []byte) *slowPart {
	return slowly(content, func(r io.Reader) (blobstore.Part, error) {
		return e.Store.PutPart(e.Context(), u, n, r, int64(len(content)))
	})
}

// slowPut begins to send a part to its link. It comes out empty, whatever the answer.
func (e *env) slowPut(l blobstore.Link, content []byte) *slowPart {
	return slowly(content, func(r io.Reader) (blobstore.Part, error) {
		request := e.request(l.Method, l.URL, r)
		request.ContentLength = int64(len(content))
		_, err := send(request)
		return blobstore.Part{}, err
	})
}

func slowly(content []byte, send func(io.Reader) (blobstore.Part, error)) *slowPart {
	r, w := io.Pipe()
	s := &slowPart{content: content, bytes: w, done: make(chan struct{})}
	go func() {
		defer close(s.done)
		s.part, s.err = send(r)
		r.CloseWithError(io.ErrClosedPipe) // whoever still writes need not wait
	}()
	return s
}

// half returns when the store, or the line to it, has taken half of the bytes, or wants no more.
func (s *slowPart) half() {
	half := len(s.content) / 2
	s.bytes.Write(s.content[:half])
	s.content = s.content[half:]
}

// finish sends the rest.
func (s *slowPart) finish() (blobstore.Part, error) {
	s.bytes.Write(s.content)
	return s.cut()
}

// cut ends the transfer where it is.
func (s *slowPart) cut() (blobstore.Part, error) {
	s.bytes.CloseWithError(errCut)
	<-s.done
	return s.part, s.err
}
