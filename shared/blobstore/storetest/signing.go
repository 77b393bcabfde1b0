package storetest

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/boxvault/boxvault/shared/blobstore"
)

var signing = []test{
	{"a link says when it expires", func(e *env) {
		for what, sign := range newGoals(e).signers() {
			if left := time.Until(sign().Expires); left > ttl || left < ttl-time.Minute {
				e.Errorf("%s: valid for %v, want %v", what, left, ttl)
			}
		}
	}},
	{"a link is valid for seven days at most", func(e *env) {
		g := newGoals(e)
		for _, ttl := range []time.Duration{-time.Hour, 0, blobstore.MaxTTL + time.Second} {
			_, get := e.Store.SignGet(e.Context(), g.there, blobstore.LinkOptions{TTL: ttl})
			_, part := e.Store.SignPart(e.Context(), g.upload, 1, ttl)
			if get == nil || part == nil {
				e.Errorf("%v: %v, %v", ttl, get, part)
			}
		}
		e.link(e.Store.SignGet(e.Context(), g.there, blobstore.LinkOptions{TTL: blobstore.MaxTTL}))
	}},
	{"a link that expired is refused", func(e *env) {
		g := newGoals(e)
		for what, sign := range g.signers() {
			link := e.Expired(sign)
			if a := g.use(link.Method, link.URL); a.status != http.StatusForbidden {
				e.Errorf("%s: status %d, want 403", what, a.status)
			}
		}
		g.wantUntouched()
	}},
	{"a link that was changed is refused", func(e *env) {
		g := newGoals(e)
		for what, sign := range g.signers() {
			link := sign()
			for change, changed := range forgeries(link.URL) {
				e.wantRefused(what+" with "+change, g.use(link.Method, changed))
			}
		}
		g.wantUntouched()
	}},
	{"a link to one key is none to another", func(e *env) {
		g := newGoals(e)
		other := e.store(noise(2, 100))
		for what, sign := range g.signers() {
			link := sign()
			for _, key := range []string{g.there, g.upload.Key} {
				link.URL = strings.Replace(link.URL, "/"+key+"?", "/"+other+"?", 1)
			}
			e.wantRefused(what, g.use(link.Method, link.URL))
		}
		e.wantObject(other, noise(2, 100))
	}},
	{"a link for one method is none for another", func(e *env) {
		g := newGoals(e)
		for what, sign := range g.signers() {
			link := sign()
			for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodDelete} {
				if method != link.Method {
					e.wantRefused(what+" used to "+method, g.use(method, link.URL))
				}
			}
		}
		g.wantUntouched()
	}},
}

// goals are what links of every kind lead to.
type goals struct {
	*env
	there  string           // the key of an object
	upload blobstore.Upload // no part of which has arrived
}

func newGoals(e *env) goals {
	return goals{e, e.store([]byte("what is there")), e.begin()}
}

func (g goals) signers() map[string]func() blobstore.Link {
	o := blobstore.LinkOptions{TTL: ttl, FileName: "name.box", ContentType: "text/plain"}
	return map[string]func() blobstore.Link{
		"GET": func() blobstore.Link { return g.link(g.Store.SignGet(g.Context(), g.there, o)) },
		"PUT": func() blobstore.Link { return g.signPart(g.upload, 1) },
	}
}

func (g goals) use(method, url string) answer {
	g.Helper()
	if method == http.MethodPut {
		return g.do(g.request(method, url, strings.NewReader("hello")))
	}
	return g.do(g.request(method, url, nil))
}

func (g goals) wantUntouched() {
	g.Helper()
	g.wantObject(g.there, []byte("what is there"))
	g.wantNoObject(g.upload.Key)
	if arrived := g.parts(g.upload); len(arrived) != 0 {
		g.Errorf("arrived: %v", arrived)
	}
}

// forgeries are links with one member of the query changed, left out or added, or with none.
func forgeries(link string) map[string]string {
	u, _ := url.Parse(link)
	with := func(change func(url.Values)) string {
		query := maps.Clone(u.Query())
		change(query)
		forged := *u
		forged.RawQuery = query.Encode()
		return forged.String()
	}
	all := map[string]string{
		"no query":   with(func(q url.Values) { clear(q) }),
		"one member": with(func(q url.Values) { q.Set("response-content-language", "en") }),
	}
	for _, name := range slices.Collect(maps.Keys(u.Query())) {
		all["another "+name] = with(func(q url.Values) { q.Set(name, another(q.Get(name))) })
		all["no "+name] = with(func(q url.Values) { q.Del(name) })
	}
	return all
}

// another is a value of the same form: its last letter or digit is another one.
func another(value string) string {
	if value == "" {
		return "1"
	}
	last := value[len(value)-1]
	switch {
	case last == '9', last == 'z', last == 'Z':
		last--
	default:
		last++
	}
	return value[:len(value)-1] + string(last)
}
