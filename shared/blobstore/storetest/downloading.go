package storetest

import (
	"bytes"
	"fmt"
	"mime"
	"strconv"

	"github.com/boxvault/boxvault/shared/blobstore"
)

var downloading = []test{
	{"a link answers with the object", func(e *env) {
		content := noise(1, 1<<20)
		key := e.store(content)
		o, err := e.Store.Head(e.Context(), key)
		e.must(err)
		answer := e.get(e.signGet(key))
		e.wantStatus(200, answer)
		if sum(answer.body) != sum(content) {
			e.Errorf("%d other bytes came", len(answer.body))
		}
		e.wantHeader(answer, "Content-Length", strconv.Itoa(len(content)))
		e.wantHeader(answer, "Content-Type", "application/octet-stream")
		e.wantHeader(answer, "Content-Disposition", "")
		e.wantHeader(answer, "Accept-Ranges", "bytes")
		e.wantHeader(answer, "ETag", strconv.Quote(o.ETag))
	}},
	{"a link answers ranges", func(e *env) {
		content := noise(1, 10_000)
		link := e.signGet(e.store(content))
		for _, c := range []struct {
			ask         string
			first, last int
		}{
			{"bytes=0-0", 0, 0},
			{"bytes=0-99", 0, 99},
			{"bytes=4000-4999", 4000, 4999},
			{"bytes=9999-", 9999, 9999},
			{"bytes=5000-", 5000, 9999},
			{"bytes=-5", 9995, 9999},
			{"bytes=9000-20000", 9000, 9999},
		} {
			answer := e.get(link, "Range", c.ask)
			e.wantStatus(206, answer)
			if !bytes.Equal(answer.body, content[c.first:c.last+1]) {
				e.Errorf("%s: %d other bytes came", c.ask, len(answer.body))
			}
			e.wantHeader(answer, "Content-Range", fmt.Sprintf("bytes %d-%d/10000", c.first, c.last))
		}
	}},
	{"a range beyond the end is refused", func(e *env) {
		link := e.signGet(e.store(noise(1, 10_000)))
		e.wantStatus(416, e.get(link, "Range", "bytes=10000-"))
		e.wantStatus(416, e.get(link, "Range", "bytes=20000-30000"))
	}},
	{"who has the object already is told so", func(e *env) {
		link := e.signGet(e.store(noise(1, 10_000)))
		answer := e.get(link, "If-None-Match", e.get(link).header.Get("ETag"))
		e.wantStatus(304, answer)
	}},
	{"an empty object is downloaded", func(e *env) {
		answer := e.get(e.signGet(e.store(nil)))
		e.wantStatus(200, answer)
		e.wantHeader(answer, "Content-Length", "0")
	}},
	{"a link says the type and the file name", func(e *env) {
		key := e.store([]byte("{}"))
		for _, name := range fileNames {
			o := blobstore.LinkOptions{TTL: ttl, FileName: name, ContentType: "application/json"}
			answer := e.get(e.link(e.Store.SignGet(e.Context(), key, o)))
			e.wantStatus(200, answer)
			e.wantHeader(answer, "Content-Type", "application/json")
			e.wantHeader(answer, "X-Injected", "")
			kind, params, err := mime.ParseMediaType(answer.header.Get("Content-Disposition"))
			if err != nil || kind != "attachment" || params["filename"] != name {
				e.Errorf("%q came back as %q (%v)", name, answer.header.Get("Content-Disposition"), err)
			}
		}
	}},
}

var fileNames = []string{
	"vagrant.box",
	"two words; and=more, 100%.box",
	`quo"te\back.box`,
	"Würfel-箱-📦.box",
	"../../etc/passwd",
	"a\r\nX-Injected: yes\r\n\r\n<script>",
	"a&b=c?d#e+f.box",
}

func (e *env) wantHeader(a answer, name, want string) {
	e.Helper()
	if got := a.header.Get(name); got != want {
		e.Errorf("%s: %q, want %q", name, got, want)
	}
}
