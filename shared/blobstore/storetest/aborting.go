package storetest

import (
	"strings"

	"github.com/boxvault/boxvault/shared/blobstore"
)

var aborting = []test{
	{"after Abort the upload is not there", func(e *env) {
		u := e.begin()
		part := e.putPart(u, 1, noise(1, 1000))
		link := e.signPart(u, 2)
		e.must(e.Store.Abort(e.Context(), u))
		wantNoUpload(e, u)
		e.wantStatus(404, e.put(link, noise(1, 10)))
		_, err := e.Store.Complete(e.Context(), u, []blobstore.Part{part})
		e.wantError(err, blobstore.ErrNoUpload)
		e.wantNoObject(u.Key)
	}},
	{"aborting again is no error", func(e *env) {
		u := e.begin()
		e.must(e.Store.Abort(e.Context(), u))
		e.must(e.Store.Abort(e.Context(), u))
	}},
	{"one upload is aborted, the others are not", func(e *env) {
		u, other := e.begin(), e.begin()
		part := e.putPart(other, 1, noise(1, 1000))
		e.must(e.Store.Abort(e.Context(), u))
		e.complete(other, part)
		e.wantObject(other.Key, noise(1, 1000))
	}},
	{"an id that was made up names no upload", func(e *env) {
		for _, id := range []string{"nothing", strings.Repeat("A", 26)} {
			u := blobstore.Upload{Key: newKey(), ID: id, PartSize: blobstore.MinPart}
			wantNoUpload(e, u)
			_, err := e.Store.Complete(e.Context(), u, []blobstore.Part{{Number: 1, Size: 1, ETag: "x"}})
			e.wantError(err, blobstore.ErrNoUpload)
			e.must(e.Store.Abort(e.Context(), u))
		}
	}},
	{"an upload belongs to its key", func(e *env) {
		u := e.begin()
		part := e.putPart(u, 1, noise(1, 1000))
		stray := u
		stray.Key = newKey()
		wantNoUpload(e, stray)
		_, err := e.Store.Complete(e.Context(), stray, []blobstore.Part{part})
		e.wantError(err, blobstore.ErrNoUpload)
		e.must(e.Store.Abort(e.Context(), stray))
		e.complete(u, part)
	}},
}

func wantNoUpload(e *env, u blobstore.Upload) {
	e.Helper()
	_, err := e.Store.PutPart(e.Context(), u, 1, strings.NewReader("x"), 1)
	e.wantError(err, blobstore.ErrNoUpload)
	_, err = e.Store.Parts(e.Context(), u)
	e.wantError(err, blobstore.ErrNoUpload)
}
