package coretest

import (
	"archive/tar"
	"bytes"
	"context"
	"io"
	"net/http"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/shared/api"
)

// Ask makes a request with a body as it is (nil: none), a token in x-access-token unless it is
// empty, and further headers, given as name and value in turn.
func (r *Registry) Ask(t testing.TB, method, path, token string, body []byte, header ...string) embeddedtest.Answer {
	t.Helper()
	var reader io.Reader
	if body != nil {
		reader = bytes.NewReader(body)
	}
	req, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), method, r.URL+path, reader)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("X-Access-Token", token)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return r.Send(t, req)
}

// Upload sends a file to an architecture as the documented raw body.
func (r *Registry) Upload(t testing.TB, token, architecture string, body []byte, header ...string) embeddedtest.Answer {
	t.Helper()
	return r.Ask(t, "POST", architecture+"/file/upload", token, body, header...)
}

// Fetch follows a redirect to a file, or uses a link, and returns the file.
func (r *Registry) Fetch(t testing.TB, link string) []byte {
	t.Helper()
	resp, err := http.Get(link)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s answered %d, %v: %s", link, resp.StatusCode, err, raw)
	}
	return raw
}

// BoxFile is the smallest Vagrant box for a provider, with a text in it that tells it from others.
func BoxFile(t testing.TB, provider, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, f := range []struct{ name, body string }{
		{"metadata.json", `{"provider":"` + provider + `"}`}, {"disk", text},
	} {
		if err := w.WriteHeader(&tar.Header{Name: f.name, Mode: 0o644, Size: int64(len(f.body))}); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, f.body); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// ServiceAccount makes a service account of a person. A wish that is nil is one for the primary
// organization.
func (r *Registry) ServiceAccount(t testing.TB, person string, wish map[string]any) api.ServiceAccount {
	t.Helper()
	if wish == nil {
		wish = map[string]any{}
	}
	return embeddedtest.JSON[api.ServiceAccount](t, r.Do(t, "POST", "/api/service-accounts", person, wish).Want(t, http.StatusCreated))
}
