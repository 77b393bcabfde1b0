package storetest

import (
	"bytes"
	"strings"

	"github.com/boxvault/boxvault/shared/blobstore"
)

var objects = []test{
	{"an object is read from any byte on", func(e *env) {
		content := noise(1, 10_000)
		key := e.store(content)
		for _, offset := range []int64{0, 1, 5_000, 9_999, 10_000, 20_000} {
			want := content[min(offset, 10_000):]
			if got := e.read(key, offset); !bytes.Equal(got, want) {
				e.Errorf("from byte %d on there are %d bytes, want %d", offset, len(got), len(want))
			}
		}
		if _, err := e.Store.Open(e.Context(), key, -5); err == nil {
			e.Error("an object was opened before its first byte")
		}
	}},
	{"an empty object is read", func(e *env) {
		key := e.store(nil)
		e.wantObject(key, nil)
		if got := e.read(key, 1); len(got) != 0 {
			e.Errorf("read %d bytes", len(got))
		}
	}},
	{"what is not there is not found", func(e *env) {
		key := newKey()
		e.wantNoObject(key)
		_, err := e.Store.Open(e.Context(), key, 0)
		e.wantError(err, blobstore.ErrNotFound)
		_, err = e.Store.Open(e.Context(), key, 10)
		e.wantError(err, blobstore.ErrNotFound)
		e.wantStatus(404, e.get(e.signGet(key)))
	}},
	{"a deleted object is not there", func(e *env) {
		key, other := e.store(noise(1, 100)), e.store(noise(2, 100))
		link := e.signGet(key)
		e.must(e.Store.Delete(e.Context(), key))
		e.wantNoObject(key)
		e.wantStatus(404, e.get(link))
		e.wantObject(other, noise(2, 100))
	}},
	{"deleting what is not there is no error", func(e *env) {
		e.must(e.Store.Delete(e.Context(), newKey()))
	}},
	{"keys are from 1 to 200 letters, digits and -", func(e *env) {
		long := newKey()
		long += strings.Repeat("z", 200-len(long))
		for i, key := range []string{"a", "-", "--", "ab", "ab-", "Z9", long} {
			content := noise(byte(i), 100)
			e.storeAs(key, content)
			defer e.wantObject(key, content)
		}
	}},
	{"other keys are refused", func(e *env) {
		for _, key := range badKeys {
			_, head := e.Store.Head(e.Context(), key)
			_, open := e.Store.Open(e.Context(), key, 0)
			_, get := e.Store.SignGet(e.Context(), key, blobstore.LinkOptions{TTL: ttl})
			u := blobstore.Upload{Key: key, ID: "nothing", PartSize: blobstore.MinPart}
			_, part := e.Store.SignPart(e.Context(), u, 1, ttl)
			del := e.Store.Delete(e.Context(), key)
			if head == nil || open == nil || get == nil || part == nil || del == nil {
				e.Errorf("%q: %v, %v, %v, %v, %v", key, head, open, get, part, del)
			}
		}
	}},
}
