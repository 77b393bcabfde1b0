package source_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/client/source"
)

const hcpRegistry = "/vagrant/2022-09-30/registry/acme"

// hcpAnswers are a registry in the shapes of hcp-sdk-go: lists in pages, and versions that come with or
// without what is in them.
func hcpAnswers(download string) map[string]any {
	const box = hcpRegistry + "/box/test"
	return map[string]any{
		hcpRegistry + "/boxes?pagination.page_size=100":                                  `{"boxes": [{"name": "test"}], "pagination": {"next_page_token": "n=2"}}`,
		hcpRegistry + "/boxes?pagination.next_page_token=n%3D2&pagination.page_size=100": `{"boxes": [{"name": "other"}], "pagination": {}}`,
		box: `{"box": {"name": "test", "is_private": true, "description": "long", "short_description": "short", "state": "AVAILABLE", "downloads": "7"}}`,
		box + "/versions?expanded=true&pagination.page_size=100": `{"versions": [
			{"name": "1.0.0", "state": "ACTIVE", "description": "first", "providers": [{"name": "virtualbox", "architectures": [
				{"architecture_type": "amd64", "default": true, "box_data": {"checksum": "aa", "checksum_type": "SHA256", "size": "7", "download_url": "` + download + `"}},
				{"architecture_type": "arm64", "box_data": {"checksum_type": "UNSET"}}]}]},
			{"name": "1.1.0", "state": "REVOKED", "summary": {"providers_count": "1"}, "providers": []}], "pagination": {"next_page_token": "p2"}}`,
		box + "/versions?expanded=true&pagination.next_page_token=p2&pagination.page_size=100": `{"versions": [{"name": "2.0.0", "state": "UNRELEASED", "summary": {"providers_count": "0"}}]}`,
		box + "/version/1.1.0/providers?expanded=true&pagination.page_size=100":                `{"providers": [{"name": "libvirt"}]}`,
		box + "/version/1.1.0/provider/libvirt/architectures?pagination.page_size=100":         `{"architectures": [{"architecture_type": "", "box_data": null}]}`,
	}
}

func TestHCP(t *testing.T) {
	var w world
	storage := w.serve(t, map[string]any{"/new": "content", "/old": http.StatusForbidden})
	auth := w.serve(t, map[string]any{"/oauth2/token": func(r *http.Request) string {
		if r.FormValue("grant_type") != "client_credentials" || r.FormValue("client_id") != "id" || r.FormValue("client_secret") != "s" ||
			r.FormValue("audience") != "https://api.hashicorp.cloud" {
			return `{}`
		}
		return `{"access_token": "secret", "expires_in": 3600, "token_type": "Bearer"}`
	}})
	answers := hcpAnswers(storage + "/old")
	const download = hcpRegistry + "/box/test/version/1.0.0/provider/virtualbox/architecture/amd64/download"
	answers[download] = fmt.Sprintf(`{"url": "%s/new", "checksum": "aa", "checksum_type": "SHA256"}`, storage)
	url := w.serve(t, answers)
	s := open(t, url, source.HCP, "HCP_CLIENT_ID", "id", "HCP_CLIENT_SECRET", "s", "HCP_AUTH_URL", auth)
	names, err := s.Boxes(t.Context(), "acme")
	if err != nil || fmt.Sprint(names) != "[test other]" {
		t.Errorf("boxes %v, %v", names, err)
	}
	b := box(t, s, "acme", "test")
	if !b.Private || b.Description != "long" || b.ShortDescription != "short" || b.Versions[0].Description != "first" {
		t.Errorf("box %+v", b)
	}
	wantTold(t, b,
		"1.0.0 active virtualbox/amd64 7 SHA256:aa default",
		"1.0.0 active virtualbox/arm64 -1 UNSET:",
		"1.1.0 revoked libvirt/unknown -1 :",
		"2.0.0 unreleased")
	// The link that came with the list has expired: another one is asked for.
	if got := read(t, b.Versions[0].Files[0]); got != "content" {
		t.Errorf("read %q", got)
	}
	w.asked(t, "GET "+hcpRegistry+"/box/test Bearer secret")
	w.asked(t, "GET "+download+" Bearer secret")
	w.asked(t, "GET /old")
	w.asked(t, "GET /new")
}

func TestHCPForStrangers(t *testing.T) {
	var w world
	url := w.serve(t, hcpAnswers(""))
	box(t, open(t, url+"/vagrant/2022-09-30", ""), "acme", "test")
	w.asked(t, "GET "+hcpRegistry+"/box/test")
}

func TestHCPWithWrongCredentials(t *testing.T) {
	auth := httpError(t, http.StatusUnauthorized, `{"error": "access_denied", "error_description": "Unauthorized"}`)
	_, _, err := source.Open(t.Context(), options("http://127.0.0.1:1", source.HCP, "HCP_CLIENT_ID", "id", "HCP_CLIENT_SECRET", "hidden", "HCP_AUTH_URL", auth))
	if err == nil || !strings.Contains(err.Error(), "HCP_CLIENT_SECRET") || !strings.Contains(err.Error(), "Unauthorized") || strings.Contains(err.Error(), "hidden") {
		t.Errorf("%v", err)
	}
}

// A list that leads back to itself must come to an end.
func TestHCPListWithoutEnd(t *testing.T) {
	var w world
	s := open(t, w.serve(t, map[string]any{
		hcpRegistry + "/boxes?pagination.page_size=100":                              `{"pagination": {"next_page_token": "a"}}`,
		hcpRegistry + "/boxes?pagination.next_page_token=a&pagination.page_size=100": `{"pagination": {"next_page_token": "a"}}`,
	}), source.HCP)
	if _, err := s.Boxes(t.Context(), "acme"); err == nil || !strings.Contains(err.Error(), "no end") {
		t.Errorf("%v", err)
	}
}
