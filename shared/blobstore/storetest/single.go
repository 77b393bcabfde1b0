package storetest

import (
	"bytes"
	"errors"
	"io"
	"net/http/httptrace"
	"strings"
	"sync"

	"github.com/boxvault/boxvault/shared/blobstore"
)

// A file goes up by one link, and nobody has said how large it is: an upload of one part.
var single = []test{
	{"one link takes a file of any size", func(e *env) {
		for _, size := range []int64{0, 1, 100_000, blobstore.MinPart + 1} {
			u, link := e.beginSingle()
			content := noise(1, size)
			e.wantStatus(200, e.put(link, content))
			if o := e.complete(u, e.wantSingle(u, size)); o.Size != size {
				e.Errorf("the object has %d bytes, want %d", o.Size, size)
			}
			e.wantObject(u.Key, content)
		}
	}},
	{"who asks whether to send the body is told to", func(e *env) {
		u, link := e.beginSingle()
		asked := false
		trace := &httptrace.ClientTrace{Got100Continue: func() { asked = true }}
		r := e.request(link.Method, link.URL, bytes.NewReader(noise(1, 2<<20)))
		e.wantStatus(200, e.do(r.WithContext(httptrace.WithClientTrace(e.Context(), trace))))
		if !asked {
			e.Error("the store did not say 100 Continue")
		}
		e.wantSingle(u, 2<<20)
	}},
	{"the last whole PUT to the one link wins", func(e *env) {
		u, link := e.beginSingle()
		for i, size := range []int64{1000, 2000, 0, 500} {
			answer := e.put(link, noise(byte(i), size))
			e.wantStatus(200, answer)
			if p := e.wantSingle(u, size); p.ETag != strings.Trim(answer.header.Get("ETag"), `"`) {
				e.Errorf("part %+v, the answer says %v", p, answer.header)
			}
		}
		e.complete(u, e.parts(u)...)
		e.wantObject(u.Key, noise(3, 500))
	}},
	{"a PUT to the one link that breaks off leaves what was there", func(e *env) {
		u, link := e.beginSingle()
		e.putCut(link, noise(1, 2<<20))
		if list := e.parts(u); len(list) != 0 {
			e.Errorf("arrived: %v", list)
		}
		content := noise(2, 1<<20)
		e.wantStatus(200, e.put(link, content))
		e.putCut(link, noise(3, 2<<20))
		e.complete(u, e.wantSingle(u, 1<<20))
		e.wantObject(u.Key, content)
	}},
	{"of many PUTs at once to the one link, one is there, whole", func(e *env) {
		u, link := e.beginSingle()
		sums := make(map[string]bool)
		var wait sync.WaitGroup
		for i := range byte(4) {
			content := noise(i, 1<<20)
			sums[sum(content)] = true
			wait.Go(func() { e.wantStatus(200, e.put(link, content)) })
		}
		wait.Wait()
		e.complete(u, e.wantSingle(u, 1<<20))
		if got := e.read(u.Key, 0); !sums[sum(got)] {
			e.Errorf("%d bytes that nobody sent", len(got))
		}
	}},
	{"the one link ends when the upload is complete", func(e *env) {
		u, link := e.beginSingle()
		e.wantStatus(200, e.put(link, noise(1, 1000)))
		object := e.complete(u, e.wantSingle(u, 1000))
		for _, size := range []int64{0, 1000, 2000} {
			e.wantStatus(404, e.put(link, noise(2, size)))
		}
		wantNoUpload(e, u)
		if head, err := e.Store.Head(e.Context(), u.Key); err != nil || head != object {
			e.Errorf("%+v, %v, want %+v", head, err, object)
		}
		e.wantObject(u.Key, noise(1, 1000))
	}},
	{"the one link ends when the upload is aborted", func(e *env) {
		u, link := e.beginSingle()
		e.wantStatus(200, e.put(link, noise(1, 1000)))
		e.must(e.Store.Abort(e.Context(), u))
		e.wantStatus(404, e.put(link, noise(2, 1000)))
		e.wantNoObject(u.Key)
	}},
	{"a PUT to the one link that comes too late does not reach the object", func(e *env) {
		u, link := e.beginSingle()
		late := e.slowPut(link, noise(2, 4<<20))
		late.half()
		e.wantStatus(200, e.put(link, noise(1, 1<<20)))
		e.complete(u, e.wantSingle(u, 1<<20))
		late.finish()
		e.wantObject(u.Key, noise(1, 1<<20))
	}},
	{"a link refuses a body of unknown length", func(e *env) {
		u, link := e.beginSingle()
		r := e.request(link.Method, link.URL, io.MultiReader(bytes.NewReader(noise(1, 1000))))
		// A server may hang up while the body is still being sent, and the answer be lost.
		if answer, err := send(r); err == nil {
			e.wantStatus(411, answer)
		}
		if list := e.parts(u); len(list) != 0 {
			e.Errorf("arrived: %v", list)
		}
	}},
	{"a file of more than 5 GiB is refused before it is sent", func(e *env) {
		u, link := e.beginSingle()
		r := e.request(link.Method, link.URL, failing{errors.New("the body was asked for")})
		r.ContentLength = blobstore.MaxPart + 1
		answer := e.do(r)
		e.wantStatus(400, answer)
		if !bytes.Contains(answer.body, []byte("<Code>EntityTooLarge</Code>")) {
			e.Errorf("the answer is %s", answer.body)
		}
		if list := e.parts(u); len(list) != 0 {
			e.Errorf("arrived: %v", list)
		}
	}},
}

// beginSingle starts an upload of one part that may be as large as any, and signs its link.
func (e *env) beginSingle() (blobstore.Upload, blobstore.Link) {
	e.Helper()
	u, err := e.Store.Begin(e.Context(), newKey(), blobstore.MaxPart)
	e.must(err)
	return u, e.signPart(u, 1)
}

// wantSingle wants part 1 to have arrived with size bytes, and no other.
func (e *env) wantSingle(u blobstore.Upload, size int64) blobstore.Part {
	e.Helper()
	list := e.parts(u)
	if len(list) != 1 || list[0].Number != 1 || list[0].Size != size {
		e.Fatalf("arrived: %v, want one part of %d bytes", list, size)
	}
	return list[0]
}
