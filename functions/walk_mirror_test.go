package functions_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/boxvault/boxvault/functions/core/coretest"
)

const mirroredFile = "/looking-glass/boxes/debian/versions/1.0.0/providers/virtualbox/amd64/vagrant.box"

// mirror is an organization that has a box from elsewhere. The janitor has fetched its file when the walk
// asks for it.
func (w walker) mirror(token string) {
	file := coretest.BoxFile(w, "virtualbox", "mirrored")
	mux := http.NewServeMux()
	upstream := httptest.NewServer(mux)
	w.Cleanup(upstream.Close)
	mux.HandleFunc("GET /looking-glass/debian", func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(rw).Encode(map[string]any{"name": "looking-glass/debian", "versions": []any{map[string]any{
			"version": "1.0.0", "providers": []any{map[string]any{"name": "virtualbox", "architecture": "amd64", "url": upstream.URL + "/file"}},
		}}})
	})
	mux.HandleFunc("GET /file", func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write(file) })

	w.r.Organization(w, token, "looking-glass")
	setting := "/api/organization/looking-glass/mirror"
	body := `{"from":"` + upstream.URL + `","private":true}`
	w.r.Do(w, "PUT", setting, token, body).Want(w, 200)
	w.json("PUT", setting, token, body)
	w.ask("GET", setting, token, nil)
	w.ask("GET", "/looking-glass/debian", token, nil)
	w.ask("GET", "/api/mirror/looking-glass/debian", token, nil)
	w.fetch(token)
	w.ask("GET", mirroredFile, token, nil)
	w.ask("DELETE", setting, token, nil)
}

// fetch asks for the file while the janitor works.
func (w walker) fetch(token string) {
	fetched := make(chan struct{})
	go func() {
		defer close(fetched)
		w.r.Ask(w, "GET", mirroredFile, token, nil)
	}()
	for {
		select {
		case <-fetched:
			return
		case <-time.After(time.Millisecond):
			w.r.Sweep(w)
		}
	}
}
