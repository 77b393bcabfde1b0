package storetest

import (
	"bytes"
	"errors"
	"slices"
	"sync"

	"github.com/boxvault/boxvault/shared/blobstore"
)

var completing = []test{
	{"the object is what Complete says", func(e *env) {
		u := e.begin()
		o := e.complete(u, e.putPart(u, 1, noise(1, 1000)))
		head, err := e.Store.Head(e.Context(), u.Key)
		e.must(err)
		if o != head {
			e.Errorf("Complete says %+v, Head %+v", o, head)
		}
	}},
	{"parts must be given from 1 without a gap", func(e *env) {
		u := e.begin()
		a, b, c := e.putPart(u, 1, noise(1, u.PartSize)), e.putPart(u, 2, noise(2, u.PartSize)), e.putPart(u, 3, noise(3, 10))
		for _, given := range [][]blobstore.Part{nil, {b}, {a, c}, {b, a}, {a, a}, {b, c}, {a, c, b}} {
			wantNotComplete(e, u, given...)
		}
		e.complete(u, a, b, c)
	}},
	{"a part that has not arrived completes nothing", func(e *env) {
		u := e.begin()
		a, c := e.putPart(u, 1, noise(1, u.PartSize)), e.putPart(u, 3, noise(3, 10))
		missing := blobstore.Part{Number: 2, Size: u.PartSize, ETag: a.ETag}
		wantNotComplete(e, u, a, missing)
		wantNotComplete(e, u, a, missing, c)
	}},
	{"a part that is not as it arrived completes nothing", func(e *env) {
		u := e.begin()
		a := e.putPart(u, 1, noise(1, u.PartSize))
		b := e.putPart(u, 2, noise(2, 10))
		otherTag, otherSize := b, b
		otherTag.ETag = a.ETag
		otherSize.Size++
		wantNotComplete(e, u, a, otherTag)
		wantNotComplete(e, u, a, otherSize)
	}},
	{"a part of another upload completes nothing", func(e *env) {
		u, other := e.begin(), e.begin()
		e.putPart(u, 1, noise(1, 1000))
		wantNotComplete(e, u, e.putPart(other, 1, noise(2, 1000)))
	}},
	{"a part too small completes nothing, until it is sent again", func(e *env) {
		for _, size := range []int64{0, 1000, blobstore.MinPart - 1} {
			u := e.begin()
			small, last := e.putPart(u, 1, noise(1, size)), e.putPart(u, 2, noise(2, 10))
			wantNotComplete(e, u, small, last)
			e.complete(u, e.putPart(u, 1, noise(3, u.PartSize)), last)
			e.wantObject(u.Key, noise(3, u.PartSize), noise(2, 10))
		}
	}},
	{"a part large enough for S3, but not for its upload, completes nothing", func(e *env) {
		u, err := e.Store.Begin(e.Context(), newKey(), blobstore.MinPart+1)
		e.must(err)
		wantNotComplete(e, u, e.putPart(u, 1, noise(1, blobstore.MinPart)), e.putPart(u, 2, noise(2, 10)))
	}},
	{"a part too large completes nothing", func(e *env) {
		u := e.begin()
		large := noise(1, u.PartSize+1)
		_, err := e.Store.PutPart(e.Context(), u, 1, bytes.NewReader(large), u.PartSize+1)
		e.wantError(err, blobstore.ErrPart)
		// A link does not know how large parts are: a store may refuse here, or in the end.
		if answer := e.put(e.signPart(u, 1), large); answer.status != 200 {
			e.wantStatus(400, answer)
			return
		}
		wantNotComplete(e, u, e.parts(u)...)
	}},
	{"parts that are not given are dropped", func(e *env) {
		u := e.begin()
		a := e.putPart(u, 1, noise(1, u.PartSize))
		e.putPart(u, 2, noise(2, u.PartSize))
		e.putPart(u, 4, noise(4, 10))
		if o := e.complete(u, a); o.Size != u.PartSize {
			e.Errorf("the object has %d bytes", o.Size)
		}
		e.wantObject(u.Key, noise(1, u.PartSize))
	}},
	{"completing again is no error", func(e *env) {
		u := e.begin()
		part := e.putPart(u, 1, noise(1, 1000))
		if once, again := e.complete(u, part), e.complete(u, part); once != again {
			e.Errorf("first %+v, then %+v", once, again)
		}
		e.wantObject(u.Key, noise(1, 1000))
	}},
	{"of many who complete at once, one succeeds, and none gets another object", func(e *env) {
		u := e.begin()
		parts := []blobstore.Part{e.putPart(u, 1, noise(1, u.PartSize)), e.putPart(u, 2, noise(2, 1000))}
		objects, errs := completeAtOnce(e, u, parts)
		if !slices.Contains(errs, nil) {
			e.Fatalf("nobody completed: %v", errs)
		}
		e.wantObject(u.Key, noise(1, u.PartSize), noise(2, 1000))
		object := e.complete(u, parts...)
		for i, err := range errs {
			if err == nil && objects[i] != object {
				e.Errorf("%+v, where the object is %+v", objects[i], object)
			}
		}
	}},
	{"who completes while another does is not told that a part is missing", func(e *env) {
		u := e.begin()
		_, errs := completeAtOnce(e, u, []blobstore.Part{e.putPart(u, 1, noise(1, u.PartSize))})
		for _, err := range errs {
			if errors.Is(err, blobstore.ErrPart) {
				e.Error(err)
			}
		}
	}},
	{"a part that comes too late does not reach the object", func(e *env) {
		u := e.begin()
		first, last := e.putPart(u, 1, noise(1, u.PartSize)), e.putPart(u, 3, noise(3, 10))
		replacing, late := e.slowPart(u, 1, noise(4, u.PartSize)), e.slowPart(u, 2, noise(5, u.PartSize))
		replacing.half()
		late.half()
		wantNotComplete(e, u, first, last)
		e.complete(u, first)
		replacing.finish()
		late.finish()
		e.wantObject(u.Key, noise(1, u.PartSize))
	}},
	{"after Complete the upload is not there", func(e *env) {
		u := e.begin()
		e.complete(u, e.putPart(u, 1, noise(1, 1000)))
		wantNoUpload(e, u)
		e.must(e.Store.Abort(e.Context(), u))
		e.wantObject(u.Key, noise(1, 1000))
	}},
}

// wantNotComplete wants ErrPart, no object, and an upload that is as it was.
func wantNotComplete(e *env, u blobstore.Upload, given ...blobstore.Part) {
	e.Helper()
	before := e.parts(u)
	_, err := e.Store.Complete(e.Context(), u, given)
	e.wantError(err, blobstore.ErrPart)
	e.wantNoObject(u.Key)
	if after := e.parts(u); len(after) != len(before) {
		e.Errorf("%d parts had arrived, and now %d", len(before), len(after))
	}
}

func completeAtOnce(e *env, u blobstore.Upload, parts []blobstore.Part) ([]blobstore.Object, []error) {
	const callers = 4
	objects, errs := make([]blobstore.Object, callers), make([]error, callers)
	var wait sync.WaitGroup
	for i := range callers {
		wait.Go(func() { objects[i], errs[i] = e.Store.Complete(e.Context(), u, parts) })
	}
	wait.Wait()
	return objects, errs
}
