package storetest

import (
	"bytes"
	"runtime"
	"strings"
	"testing/iotest"

	"github.com/boxvault/boxvault/shared/blobstore"
)

var uploading = []test{
	{"parts that arrive in any order make the object", func(e *env) {
		u := e.begin()
		a, b, c := noise(1, u.PartSize), noise(2, u.PartSize), noise(3, 1000)
		third := e.putPart(u, 3, c)
		first := e.putPart(u, 1, a)
		e.wantStatus(200, e.put(e.signPart(u, 2), b))
		arrived := e.parts(u)
		if len(arrived) != 3 || arrived[0] != first || arrived[2] != third {
			e.Fatalf("arrived: %v", arrived)
		}
		o := e.complete(u, arrived...)
		if o.Size != 2*u.PartSize+1000 {
			e.Errorf("the object has %d bytes", o.Size)
		}
		e.wantObject(u.Key, a, b, c)
	}},
	{"the answer to a link's PUT names the part's ETag", func(e *env) {
		u := e.begin()
		answer := e.put(e.signPart(u, 1), noise(1, 100))
		e.wantStatus(200, answer)
		arrived := e.parts(u)
		if etag := strings.Trim(answer.header.Get("ETag"), `"`); len(arrived) != 1 || arrived[0].ETag != etag {
			e.Errorf("ETag %s, arrived %v", etag, arrived)
		}
	}},
	{"one stream is read part by part", func(e *env) {
		u := e.begin()
		content := noise(1, u.PartSize+10)
		stream := bytes.NewReader(content)
		first, err := e.Store.PutPart(e.Context(), u, 1, stream, u.PartSize)
		e.must(err)
		second, err := e.Store.PutPart(e.Context(), u, 2, stream, 10)
		e.must(err)
		e.complete(u, first, second)
		e.wantObject(u.Key, content)
	}},
	{"a stream may end with its last byte", func(e *env) {
		u := e.begin()
		content := noise(1, 1000)
		part, err := e.Store.PutPart(e.Context(), u, 1, iotest.DataErrReader(bytes.NewReader(content)), 1000)
		e.must(err)
		e.complete(u, part)
		e.wantObject(u.Key, content)
	}},
	{"a part is not held in memory", func(e *env) {
		const size = 64 << 20
		u, err := e.Store.Begin(e.Context(), newKey(), size)
		e.must(err)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err = e.Store.PutPart(e.Context(), u, 1, zeros{}, size)
		runtime.ReadMemStats(&after)
		e.must(err)
		if used := after.TotalAlloc - before.TotalAlloc; used > size/4 {
			e.Errorf("%d bytes were allocated to write a part of %d", used, int64(size))
		}
	}},
	{"nothing is to be seen before it is complete", func(e *env) {
		u := e.begin()
		e.putPart(u, 1, noise(1, u.PartSize))
		e.wantNoObject(u.Key)
		e.wantStatus(404, e.get(e.signGet(u.Key)))
	}},
	{"parts are listed in order, however many", func(e *env) {
		u := e.begin()
		if list := e.parts(u); len(list) != 0 {
			e.Fatalf("arrived before any was sent: %v", list)
		}
		const last = 1003 // S3 lists a thousand at a time
		for n := last; n > 0; n-- {
			e.putPart(u, n, []byte{byte(n), byte(n >> 8)})
		}
		list := e.parts(u)
		if len(list) != last {
			e.Fatalf("%d parts are listed, want %d", len(list), last)
		}
		for i, p := range list {
			if p.Number != i+1 || p.Size != 2 {
				e.Fatalf("part %+v in place %d", p, i)
			}
		}
	}},
	{"numbers go from 1 to 10,000", func(e *env) {
		u := e.begin()
		e.putPart(u, blobstore.MaxParts, []byte("last"))
		for _, n := range []int{-1, 0, blobstore.MaxParts + 1} {
			_, err := e.Store.PutPart(e.Context(), u, n, strings.NewReader("x"), 1)
			e.wantError(err, blobstore.ErrPart)
			_, err = e.Store.SignPart(e.Context(), u, n, ttl)
			e.wantError(err, blobstore.ErrPart)
		}
	}},
	{"an empty file is one empty part", func(e *env) {
		u := e.begin()
		o := e.complete(u, e.putPart(u, 1, nil))
		if o.Size != 0 {
			e.Errorf("the object has %d bytes", o.Size)
		}
		e.wantObject(u.Key, nil)
	}},
	{"an empty file may come by a link", func(e *env) {
		u := e.begin()
		e.wantStatus(200, e.put(e.signPart(u, 1), nil))
		e.complete(u, e.parts(u)...)
		e.wantObject(u.Key, nil)
	}},
	{"an upload needs a good key and part size", func(e *env) {
		for _, key := range badKeys {
			if _, err := e.Store.Begin(e.Context(), key, blobstore.MinPart); err == nil {
				e.Errorf("an upload began to %q", key)
			}
		}
		for _, size := range []int64{-1, 0, blobstore.MinPart - 1, blobstore.MaxPart + 1} {
			if _, err := e.Store.Begin(e.Context(), newKey(), size); err == nil {
				e.Errorf("an upload began in parts of %d", size)
			}
		}
	}},
}

var badKeys = []string{"", ".", "..", "a/b", "../a", `a\b`, "a b", "a.b", "a_b", "ä", "a\x00", "a\n", strings.Repeat("a", 201)}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
