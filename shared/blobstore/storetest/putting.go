package storetest

import (
	"bytes"
	"io"
	"sync"

	"github.com/boxvault/boxvault/shared/blobstore"
)

var putting = []test{
	{"a link takes a whole object of the size it names", func(e *env) {
		key, content := newKey(), noise(1, 100_000)
		e.wantStatus(200, e.put(e.signPut(key, 100_000), content))
		e.wantObject(key, content)
	}},
	{"a link refuses another size than it names", func(e *env) {
		key, content := newKey(), noise(1, 1001)
		link := e.signPut(key, 1000)
		e.wantRefused("longer", e.put(link, content))
		e.wantRefused("shorter", e.put(link, content[:999]))
		e.wantRefused("empty", e.put(link, nil))
		e.wantNoObject(key)
		e.wantStatus(200, e.put(link, content[:1000]))
		e.wantObject(key, content[:1000])
	}},
	{"a link that names no size takes any", func(e *env) {
		for _, size := range []int64{0, 1, 100_000} {
			key := newKey()
			e.wantStatus(200, e.put(e.signPut(key, 0), noise(1, size)))
			e.wantObject(key, noise(1, size))
		}
	}},
	{"a link refuses a body of unknown length", func(e *env) {
		key := newKey()
		link := e.signPut(key, 0)
		r := e.request(link.Method, link.URL, io.MultiReader(bytes.NewReader(noise(1, 1000))))
		// A server may hang up while the body is still being sent, and the answer be lost.
		if answer, err := send(r); err == nil {
			e.wantStatus(411, answer)
		}
		e.wantNoObject(key)
	}},
	{"a link may be used again, and the last whole PUT wins", func(e *env) {
		key := newKey()
		link := e.signPut(key, 0)
		for i, size := range []int64{1000, 1000, 500, 2000} {
			e.wantStatus(200, e.put(link, noise(byte(i), size)))
			e.wantObject(key, noise(byte(i), size))
		}
	}},
	{"another PUT gives another ETag", func(e *env) {
		key := newKey()
		link := e.signPut(key, 0)
		seen := make(map[string]bool)
		for i := range byte(10) {
			e.put(link, noise(i, 100))
			o, err := e.Store.Head(e.Context(), key)
			e.must(err)
			if seen[o.ETag] {
				e.Errorf("ETag %s again", o.ETag)
			}
			seen[o.ETag] = true
		}
	}},
	{"a PUT that breaks off is none", func(e *env) {
		key := newKey()
		e.putCut(e.signPut(key, 1<<20), noise(1, 1<<20))
		e.wantNoObject(key)
	}},
	{"a PUT that breaks off leaves the former object", func(e *env) {
		key, content := newKey(), noise(1, 1<<20)
		link := e.signPut(key, 1<<20)
		e.wantStatus(200, e.put(link, content))
		e.putCut(link, noise(2, 1<<20))
		e.wantObject(key, content)
	}},
	{"of many PUTs at once, one is there, whole", func(e *env) {
		key := newKey()
		link := e.signPut(key, 1<<20)
		sums := make(map[string]bool)
		var wait sync.WaitGroup
		for i := range byte(4) {
			content := noise(i, 1<<20)
			sums[sum(content)] = true
			wait.Go(func() { e.wantStatus(200, e.put(link, content)) })
		}
		wait.Wait()
		if got := e.read(key, 0); !sums[sum(got)] {
			e.Errorf("%d bytes that nobody sent", len(got))
		}
	}},
	{"no link is made for more than S3 takes in a PUT", func(e *env) {
		for _, size := range []int64{-1, blobstore.MaxPut + 1} {
			if _, err := e.Store.SignPut(e.Context(), newKey(), size, ttl); err == nil {
				e.Errorf("a link to PUT %d bytes", size)
			}
		}
		e.signPut(newKey(), blobstore.MaxPut)
	}},
}
