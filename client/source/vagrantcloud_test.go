package source_test

import (
	"fmt"
	"testing"

	"github.com/boxvault/boxvault/client/source"
	"github.com/boxvault/boxvault/shared/registry"
)

// As developer.hashicorp.com/vagrant/vagrant-cloud/api/v2 prints it, with a box that is kept elsewhere.
const cloudAnswer = `{
  "tag": "acme/test", "username": "acme", "name": "test", "private": true, "downloads": 0,
  "created_at": "2017-10-20T14:19:59.842Z", "updated_at": "2017-10-20T15:23:53.363Z",
  "short_description": "My dev box", "description_html": "<p>My</p>", "description_markdown": "My",
  "current_version": null,
  "versions": [
    {"version": "1.2.3", "status": "unreleased", "description_html": null, "description_markdown": null,
     "number": "1.2.3", "release_url": "x", "revoke_url": "y", "providers": [
      {"name": "virtualbox", "hosted": false, "hosted_token": null, "original_url": "%[2]s/elsewhere.box",
       "download_url": "%[1]s/acme/boxes/test/versions/1.2.3/providers/virtualbox/amd64/vagrant.box",
       "checksum": null, "checksum_type": null, "architecture": "amd64", "default_architecture": true},
      {"name": "libvirt", "hosted": true, "hosted_token": "t", "original_url": null,
       "download_url": "%[1]s/hosted.box", "checksum": "aa", "checksum_type": "md5", "architecture": null},
      {"name": "hyperv", "hosted": true, "download_url": null, "url": null}]},
    {"version": "1.0.0", "status": "revoked", "description_markdown": "old", "providers": []}
  ]}`

func TestVagrantCloud(t *testing.T) {
	var w world
	storage := w.serve(t, map[string]any{"/elsewhere.box": "external", "/signed?x=1": "hosted"})
	answers := map[string]any{"/hosted.box": redirect(storage + "/signed?x=1")}
	url := w.serve(t, answers)
	answers["/api/v2/user/acme"] = `{"username": "acme", "boxes": [{"tag": "acme/test", "name": "test"}, {"tag": "acme/other"}]}`
	answers["/api/v2/box/acme/test"] = fmt.Sprintf(cloudAnswer, url, storage)
	s := open(t, url, source.VagrantCloud, "VAGRANT_CLOUD_TOKEN", "secret")
	names, err := s.Boxes(t.Context(), "acme")
	if err != nil || fmt.Sprint(names) != "[test other]" {
		t.Errorf("boxes %v, %v", names, err)
	}
	b := box(t, s, "acme", "test")
	if !b.Private || b.Description != "My" || b.ShortDescription != "My dev box" || b.Versions[1].Description != "old" {
		t.Errorf("box %+v", b)
	}
	wantTold(t, b,
		"1.2.3 unreleased virtualbox/amd64 -1 : default",
		"1.2.3 unreleased libvirt/unknown -1 md5:aa",
		"1.2.3 unreleased hyperv/unknown -1 : the source has no file for it",
		"1.0.0 revoked")
	if got := read(t, b.Versions[0].Files[0]) + read(t, b.Versions[0].Files[1]); got != "externalhosted" {
		t.Errorf("read %q", got)
	}
	w.asked(t, "GET /api/v2/box/acme/test Bearer secret")
	w.asked(t, "GET /hosted.box Bearer secret")
	w.asked(t, "GET /signed?x=1")
	w.asked(t, "GET /elsewhere.box")
	if size := b.Versions[0].Files[0].Measure(t.Context()); size != int64(len("external")) {
		t.Errorf("measured %d bytes", size)
	}
	_, err = s.Box(t.Context(), "acme", "missing")
	if registry.KindOf(err) != registry.NotFound {
		t.Errorf("a box that is not there: %v", err)
	}
}

func TestVagrantCloudInItsFirstVersion(t *testing.T) {
	var w world
	url := w.serve(t, map[string]any{"/api/v1/box/acme/test": `{"name": "test", "versions": [{"version": "1", "status": "active", "providers": []}]}`})
	wantTold(t, box(t, open(t, url+"/api/v1", ""), "acme", "test"), "1 active")
}

// The variable may hold the token of the registry that the boxes go to.
func TestVagrantCloudTokenIsNotForEveryone(t *testing.T) {
	var w world
	url := w.serve(t, map[string]any{"/api/v2/box/acme/test": `{"name": "test"}`})
	box(t, open(t, url+"/api/v2", "", "VAGRANT_CLOUD_TOKEN", "secret"), "acme", "test")
	w.asked(t, "GET /api/v2/box/acme/test")
	box(t, open(t, url+"/api/v2", "", "VAGRANT_CLOUD_TOKEN", "secret", "BOXVAULT_FROM_TOKEN", "for it"), "acme", "test")
	w.asked(t, "GET /api/v2/box/acme/test Bearer for it")
}
