package storetest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/boxvault/boxvault/shared/blobstore"
)

// Bench measures how fast parts are written, by the store and by a link, and ranges are read.
func Bench(b *testing.B, open func(b *testing.B) blobstore.Store) {
	const size = 64 << 20
	content := noise(1, size)
	b.Run("PutPart", func(b *testing.B) {
		eachPart(b, open(b), size, func(store blobstore.Store, u blobstore.Upload, n int) {
			if _, err := store.PutPart(b.Context(), u, n, bytes.NewReader(content), size); err != nil {
				b.Fatal(err)
			}
		})
	})
	b.Run("link/PUT", func(b *testing.B) {
		eachPart(b, open(b), size, func(store blobstore.Store, u blobstore.Upload, n int) {
			link, err := store.SignPart(b.Context(), u, n, ttl)
			if err != nil {
				b.Fatal(err)
			}
			transfer(b, link, bytes.NewReader(content), "", 200)
		})
	})
	b.Run("link/GET", func(b *testing.B) {
		const piece = 16 << 20
		link := mustStore(b, open(b), content)
		b.SetBytes(piece)
		for n := int64(0); b.Loop(); n++ {
			from := n % (size / piece) * piece
			transfer(b, link, nil, fmt.Sprintf("bytes=%d-%d", from, from+piece-1), 206)
		}
	})
}

// eachPart times put for one new part after the other, in uploads of eight parts.
func eachPart(b *testing.B, store blobstore.Store, size int64, put func(blobstore.Store, blobstore.Upload, int)) {
	b.SetBytes(size)
	var u blobstore.Upload
	for n := 0; b.Loop(); n++ {
		if n%8 == 0 {
			b.StopTimer()
			u = restart(b, store, u, size)
			b.StartTimer()
		}
		put(store, u, n%8+1)
	}
}

func restart(b *testing.B, store blobstore.Store, u blobstore.Upload, size int64) blobstore.Upload {
	if u.ID != "" {
		if err := store.Abort(b.Context(), u); err != nil {
			b.Fatal(err)
		}
	}
	u, err := store.Begin(b.Context(), newKey(), size)
	if err != nil {
		b.Fatal(err)
	}
	return u
}

func mustStore(b *testing.B, store blobstore.Store, content []byte) blobstore.Link {
	size := int64(len(content))
	u := restart(b, store, blobstore.Upload{}, size)
	part, err := store.PutPart(b.Context(), u, 1, bytes.NewReader(content), size)
	if err == nil {
		_, err = store.Complete(b.Context(), u, []blobstore.Part{part})
	}
	if err != nil {
		b.Fatal(err)
	}
	link, err := store.SignGet(b.Context(), u.Key, blobstore.LinkOptions{TTL: ttl})
	if err != nil {
		b.Fatal(err)
	}
	return link
}

func transfer(b *testing.B, link blobstore.Link, body io.Reader, byteRange string, want int) {
	r, err := http.NewRequestWithContext(b.Context(), link.Method, link.URL, body)
	if err != nil {
		b.Fatal(err)
	}
	if byteRange != "" {
		r.Header.Set("Range", byteRange)
	}
	resp, err := client.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != want {
		b.Fatalf("status %d, want %d (%v)", resp.StatusCode, want, err)
	}
}
