package source_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/client/source"
	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

func httpError(t *testing.T, status int, body string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		io.WriteString(w, body)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func TestAnotherBoxVault(t *testing.T) {
	r := embeddedtest.Start(t)
	token := r.SignUp(t, "ada")
	r.Organization(t, token, "acme")
	r.Box(t, token, "acme", "debian12", false)
	c, err := client.New(r.URL, token)
	if err != nil {
		t.Fatal(err)
	}
	target := registry.Target{Organization: "acme", Box: "debian12", Version: "1.0.0", Provider: "virtualbox", Architecture: "amd64"}
	done, err := c.UploadFile(t.Context(), target, client.WholeFile{Name: "a.box", Content: []byte("content")})
	if err != nil {
		t.Fatal(err)
	}
	number, held := "2.0.0", false
	if _, err := c.CreateVersion(t.Context(), "acme", "debian12", api.NewVersion{VersionInput: api.VersionInput{VersionNumber: &number, Release: &held}}); err != nil {
		t.Fatal(err)
	}
	s := open(t, r.URL, "", "BOXVAULT_FROM_TOKEN", token)
	names, err := s.Boxes(t.Context(), "acme")
	if err != nil || fmt.Sprint(names) != "[debian12]" {
		t.Errorf("boxes %v, %v", names, err)
	}
	b := box(t, s, "acme", "debian12")
	wantTold(t, b, "2.0.0 unreleased", "1.0.0 active virtualbox/amd64 7 SHA256:"+done.File.Checksum+" default")
	if !b.Private || read(t, b.Versions[1].Files[0]) != "content" {
		t.Errorf("box %+v", b)
	}
	if _, err := open(t, r.URL, "").Boxes(t.Context(), "acme"); registry.KindOf(err) != registry.NotFound {
		t.Errorf("a stranger: %v", err)
	}
}

// To a registry a bad token is a stranger's: what is public would be taken for all that there is.
func TestAnotherBoxVaultWithABadToken(t *testing.T) {
	r := embeddedtest.Start(t)
	token := r.SignUp(t, "ada")
	r.Organization(t, token, "acme")
	r.Box(t, token, "acme", "debian12", true)
	c, err := client.New(r.URL, token)
	if err != nil {
		t.Fatal(err)
	}
	robot, err := c.CreateServiceAccount(t.Context(), api.ServiceAccountInput{Organization: "acme"})
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, r.URL, source.BoxVault, "BOXVAULT_FROM_TOKEN", robot.Token)
	if names, err := s.Boxes(t.Context(), "acme"); err != nil || len(names) != 1 {
		t.Errorf("a service account sees %v, %v", names, err)
	}
	if err := c.DeleteServiceAccount(t.Context(), robot.ID); err != nil {
		t.Fatal(err)
	}
	s = open(t, r.URL, source.BoxVault, "BOXVAULT_FROM_TOKEN", robot.Token)
	_, list := s.Boxes(t.Context(), "acme")
	_, single := s.Box(t.Context(), "acme", "debian12")
	for _, err := range []error{list, single} {
		if registry.KindOf(err) != registry.Unauthenticated || !strings.Contains(err.Error(), "the token of the source is wrong or expired") {
			t.Errorf("a token that was revoked: %v", err)
		}
	}
}

func TestCatalogue(t *testing.T) {
	var w world
	files := w.serve(t, map[string]any{"/far.box": "far"})
	url := w.serve(t, map[string]any{"/boxes/near.box": "near", "/boxes/test": fmt.Sprintf(`{
		"name": "acme/test", "description": "about", "versions": [{"version": "1.0.0", "providers": [
			{"name": "virtualbox", "url": "%s/far.box", "checksum": "aa", "checksum_type": "sha1", "architecture": "amd64", "default_architecture": true},
			{"name": "libvirt", "url": "near.box"},
			{"name": "qemu", "url": "file:///etc/passwd"},
			{"name": "hyperv"}]}]}`, files)})
	s := open(t, url+"/boxes/test", "")
	b := box(t, s, "acme", "test")
	wantTold(t, b,
		"1.0.0 active virtualbox/amd64 -1 sha1:aa default",
		"1.0.0 active libvirt/unknown -1 :",
		`1.0.0 active qemu/unknown -1 : the link to the file begins with "file:": only http:// and https:// are followed`,
		"1.0.0 active hyperv/unknown -1 : the catalogue has no link to the file")
	if got := read(t, b.Versions[0].Files[0]) + read(t, b.Versions[0].Files[1]); got != "farnear" || b.Private || b.Description != "about" {
		t.Errorf("read %q of %+v", got, b)
	}
	for _, other := range []string{"other/test", "acme/other"} {
		organization, name, _ := strings.Cut(other, "/")
		if _, err := s.Box(t.Context(), organization, name); registry.KindOf(err) != registry.NotFound || !strings.Contains(err.Error(), "that of acme/test") {
			t.Errorf("%s: %v", other, err)
		}
	}
	if names, err := s.Boxes(t.Context(), "acme"); err != nil || fmt.Sprint(names) != "[test]" {
		t.Errorf("boxes %v, %v", names, err)
	}
}

// A token is for the host of the catalogue, and what comes with it is nobody else's to see.
func TestCatalogueWithAToken(t *testing.T) {
	var w world
	files := w.serve(t, map[string]any{"/far.box": "far"})
	url := w.serve(t, map[string]any{"/metadata.json": fmt.Sprintf(
		`{"name": "test", "versions": [{"version": "1.0.0", "providers": [{"name": "virtualbox", "url": "%s/far.box"}]}]}`, files)})
	b := box(t, open(t, url+"/metadata.json", "", "BOXVAULT_FROM_TOKEN", "secret"), "acme", "test")
	if !b.Private || read(t, b.Versions[0].Files[0]) != "far" {
		t.Errorf("box %+v", b)
	}
	w.asked(t, "GET /metadata.json Bearer secret")
	w.asked(t, "GET /far.box")
}

func TestCatalogueOnDisk(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "metadata")
	write(t, path, `{"name": "test", "versions": [{"version": "1", "providers": [{"name": "virtualbox", "url": "near.box"}]}]}`)
	b := box(t, open(t, path, ""), "acme", "test")
	wantTold(t, b, `1 active virtualbox/unknown -1 : the link to the file is relative, and the catalogue is not on the web`)
	write(t, path, `<html>`)
	if _, err := open(t, path, "").Box(t.Context(), "acme", "test"); err == nil {
		t.Error("a page was taken for a catalogue")
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// tar is a box whose metadata.json says what it is for.
func tar(metadata string) string {
	head := make([]byte, 512)
	copy(head, "metadata.json")
	copy(head[100:], fmt.Sprintf("%07o\x00%07o\x00%07o\x00%011o\x00%011o\x00        0", 0o644, 0, 0, len(metadata), 0))
	sum := 0
	for _, b := range head {
		sum += int(b)
	}
	copy(head[148:], fmt.Sprintf("%06o\x00 ", sum))
	body := append(head, metadata...)
	return string(append(body, bytes.Repeat([]byte{0}, 512-len(metadata)%512+1024)...))
}

func TestFolder(t *testing.T) {
	dir := t.TempDir()
	arm := tar(`{"provider": "libvirt", "architecture": "arm64"}`)
	write(t, filepath.Join(dir, "test/1.0.0/virtualbox/amd64/vagrant.box"), "first")
	write(t, filepath.Join(dir, "test/1.0.0/libvirt/vagrant.box"), arm)
	write(t, filepath.Join(dir, "test/1.1.0/virtualbox/old.box"), "second")
	write(t, filepath.Join(dir, "test/1.1.0/virtualbox/notes.txt"), "no box")
	s := open(t, dir, "")
	if names, err := s.Boxes(t.Context(), "acme"); err != nil || fmt.Sprint(names) != "[test]" {
		t.Errorf("boxes %v, %v", names, err)
	}
	b := box(t, s, "acme", "test")
	wantTold(t, b,
		fmt.Sprintf("1.0.0 active libvirt/arm64 %d :", len(arm)),
		"1.0.0 active virtualbox/amd64 5 :",
		"1.1.0 active virtualbox/unknown 6 :")
	if got := read(t, b.Versions[0].Files[1]); got != "first" {
		t.Errorf("read %q", got)
	}
	for _, name := range []string{"missing", "../" + filepath.Base(dir)} {
		if _, err := s.Box(t.Context(), "acme", name); registry.KindOf(err) != registry.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFolderOfFilesSideBySide(t *testing.T) {
	dir := t.TempDir()
	arm := tar(`{"provider": "libvirt", "architecture": "arm64"}`)
	write(t, filepath.Join(dir, "a.box"), arm)
	write(t, filepath.Join(dir, "b.box"), "no box")
	o := options(dir, "")
	o.Version = "1.2.0"
	s, _, err := source.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	b := box(t, s, "acme", "test")
	if got := tell(b); !strings.HasPrefix(got, fmt.Sprintf("1.2.0 active libvirt/arm64 %d :\n1.2.0 active /unknown 6 : cannot tell its provider", len(arm))) {
		t.Errorf("the box is\n%s", got)
	}
}

func TestSourcesAreRecognised(t *testing.T) {
	var w world
	dir := t.TempDir()
	write(t, filepath.Join(dir, "metadata"), "{}")
	catalogue := w.serve(t, map[string]any{"/test": `{"name": "acme/test", "versions": []}`})
	for from, want := range map[string]source.Type{
		"https://vagrantcloud.com":                                  source.VagrantCloud,
		"vagrantcloud.com":                                          source.VagrantCloud,
		"https://app.vagrantup.com/":                                source.VagrantCloud,
		"https://boxes.example.com/api/v2/":                         source.VagrantCloud,
		"https://api.cloud.hashicorp.com":                           source.HCP,
		"https://boxes.example.com/vagrant/2022-09-30":              source.HCP,
		"https://boxes.example.com/metadata.json?v=1":               source.Catalogue,
		catalogue + "/test":                                         source.Catalogue,
		filepath.Join(dir, "metadata"):                              source.Catalogue,
		dir:                                                         source.Folder,
		embeddedtest.Start(t).URL + "/":                             source.BoxVault,
		httpError(t, http.StatusNotFound, ""):                       source.VagrantCloud,
		httpError(t, http.StatusOK, `{"status": "ok"}`) + "/boxes/": source.VagrantCloud,
	} {
		if _, got, err := source.Open(t.Context(), options(from, "")); err != nil || got != want {
			t.Errorf("%s is %q, %v", from, got, err)
		}
	}
	for _, from := range []string{filepath.Join(dir, "missing"), "http://127.0.0.1:1", "ftp://example.com", "https://"} {
		if _, got, err := source.Open(t.Context(), options(from, "")); err == nil {
			t.Errorf("%s is %q", from, got)
		}
	}
}
