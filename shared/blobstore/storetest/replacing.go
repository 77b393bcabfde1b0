package storetest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"sync"

	"github.com/boxvault/boxvault/shared/blobstore"
)

var replacing = []test{
	{"a part sent again replaces the former one", func(e *env) {
		u := e.begin()
		e.putPart(u, 1, noise(1, u.PartSize))
		e.putPart(u, 2, noise(2, 2000))
		first := e.putPart(u, 1, noise(3, u.PartSize))
		e.wantStatus(200, e.put(e.signPart(u, 2), noise(4, 2000)))
		arrived := e.parts(u)
		if len(arrived) != 2 || arrived[0] != first {
			e.Fatalf("arrived: %v", arrived)
		}
		e.complete(u, arrived...)
		e.wantObject(u.Key, noise(3, u.PartSize), noise(4, 2000))
	}},
	{"a last part may be replaced by a shorter one", func(e *env) { replaceLast(e, 3000, 1000) }},
	{"a last part may be replaced by a longer one", func(e *env) { replaceLast(e, 1000, 3000) }},
	{"a last part may be replaced by an empty one", func(e *env) { replaceLast(e, 1000, 0) }},
	{"a part may be replaced many times", func(e *env) { replaceLast(e, 1, 2, 3, 4, 5, 4) }},
	{"a part that was replaced completes nothing", func(e *env) {
		u := e.begin()
		former := e.putPart(u, 1, noise(1, 1000))
		latter := e.putPart(u, 1, noise(2, 1000))
		_, err := e.Store.Complete(e.Context(), u, []blobstore.Part{former})
		e.wantError(err, blobstore.ErrPart)
		e.wantNoObject(u.Key)
		e.complete(u, latter)
		e.wantObject(u.Key, noise(2, 1000))
	}},
	{"who sends a part that breaks off is told why", func(e *env) {
		breakOff(e, e.begin(), 1, noise(1, blobstore.MinPart))
	}},
	{"a part that breaks off is none", func(e *env) {
		u := e.begin()
		content := noise(1, u.PartSize)
		breakOff(e, u, 1, content)
		if list := e.parts(u); len(list) != 0 {
			e.Errorf("arrived: %v", list)
		}
		e.complete(u, e.putPart(u, 1, content))
		e.wantObject(u.Key, content)
	}},
	{"a part that breaks off leaves the former one", func(e *env) {
		u := e.begin()
		former := []blobstore.Part{e.putPart(u, 1, noise(1, u.PartSize)), e.putPart(u, 2, noise(2, u.PartSize))}
		breakOff(e, u, 1, noise(3, u.PartSize))
		breakOff(e, u, 2, noise(4, u.PartSize))
		if list := e.parts(u); !slices.Equal(list, former) {
			e.Errorf("arrived: %v, want %v", list, former)
		}
		e.complete(u, former...)
		e.wantObject(u.Key, noise(1, u.PartSize), noise(2, u.PartSize))
	}},
	{"a part that overtakes another, which then breaks off, is there", func(e *env) {
		u := e.begin()
		slow := e.slowPart(u, 1, noise(1, u.PartSize))
		slow.half()
		fast := e.putPart(u, 1, noise(2, u.PartSize))
		if _, err := slow.cut(); !errors.Is(err, errCut) {
			e.Errorf("error %v, want: %v", err, errCut)
		}
		e.complete(u, fast)
		e.wantObject(u.Key, noise(2, u.PartSize))
	}},
	{"of a part and another that it overtakes, one is there, whole", func(e *env) {
		u := e.begin()
		slow := e.slowPart(u, 1, noise(1, u.PartSize))
		slow.half()
		fast := e.putPart(u, 1, noise(2, u.PartSize))
		part, err := slow.finish()
		e.must(err)
		arrived := e.parts(u)
		e.complete(u, arrived...)
		switch arrived[0] {
		case part:
			e.wantObject(u.Key, noise(1, u.PartSize))
		case fast:
			e.wantObject(u.Key, noise(2, u.PartSize))
		default:
			e.Errorf("arrived: %v", arrived)
		}
	}},
	{"a part that is cancelled is none", func(e *env) {
		u := e.begin()
		ctx, cancel := context.WithCancel(e.Context())
		cancel()
		_, err := e.Store.PutPart(ctx, u, 1, zeros{}, u.PartSize)
		e.wantError(err, context.Canceled)
		if list := e.parts(u); len(list) != 0 {
			e.Errorf("arrived: %v", list)
		}
	}},
	{"of a part sent by many at once, one is there, whole", func(e *env) {
		u := e.begin()
		const senders = 4
		var wait sync.WaitGroup
		for i := range senders {
			wait.Go(func() {
				content := noise(byte(i), u.PartSize)
				for n := range 2 {
					if _, err := e.Store.PutPart(e.Context(), u, n+1, bytes.NewReader(content), u.PartSize); err != nil {
						e.Error(err)
					}
				}
			})
		}
		wait.Wait()
		e.complete(u, e.parts(u)...)
		got := e.read(u.Key, 0)
		for n := range int64(2) {
			one := func(i int) bool {
				return bytes.Equal(got[n*u.PartSize:(n+1)*u.PartSize], noise(byte(i), u.PartSize))
			}
			if !slices.ContainsFunc([]int{0, 1, 2, 3}, one) {
				e.Errorf("part %d is none of those that were sent", n+1)
			}
		}
	}},
}

// replaceLast sends part 2 in each of the sizes, one after the other.
func replaceLast(e *env, sizes ...int64) {
	u := e.begin()
	first := e.putPart(u, 1, noise(0, u.PartSize))
	var last blobstore.Part
	var content []byte
	for i, size := range sizes {
		content = noise(byte(i+1), size)
		last = e.putPart(u, 2, content)
	}
	e.complete(u, first, last)
	e.wantObject(u.Key, noise(0, u.PartSize), content)
}

// breakOff begins to send a part in every way it can end too early.
func breakOff(e *env, u blobstore.Upload, n int, content []byte) {
	e.Helper()
	half, size := content[:len(content)/2], int64(len(content))
	_, err := e.Store.PutPart(e.Context(), u, n, io.MultiReader(bytes.NewReader(half), failing{errCut}), size)
	e.wantError(err, errCut)
	_, err = e.Store.PutPart(e.Context(), u, n, bytes.NewReader(half), size)
	e.wantError(err, io.ErrUnexpectedEOF)
	_, err = e.Store.PutPart(e.Context(), u, n, bytes.NewReader(nil), size)
	e.wantError(err, io.ErrUnexpectedEOF)
	e.putCut(e.signPart(u, n), content)
}
