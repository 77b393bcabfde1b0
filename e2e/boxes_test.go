package e2e

import (
	"bytes"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// TestLifeOfABox takes a box through every path of the API that is about boxes: what belongs to it
// is made, read, renamed and deleted, and what vagrant is told follows.
func TestLifeOfABox(t *testing.T) {
	t.Parallel()
	o := newOwner(t, target.URL)
	boxes := target.URL + "/api/organization/" + o.org + "/box"
	do := func(method, path string, body any, status int) answer {
		t.Helper()
		return askJSON(t, method, boxes+path, o.token, body).want(t, status)
	}

	do("POST", "", map[string]any{"name": "debian12", "isPublic": true}, 201)
	if same := do("POST", "", map[string]any{"name": "Debian12"}, 409); read[api.Error](t, same).Code != "CONFLICT" {
		t.Errorf("the same name again: %s", same.body)
	}
	do("POST", "/debian12/version", map[string]any{"versionNumber": "1.9.0", "release": false}, 201)
	do("POST", "/debian12/version", map[string]any{"versionNumber": "v1.10.0"}, 201)
	do("PUT", "/debian12/version/1.9.0", map[string]any{"description": "the first"}, 200)
	var numbers []string
	for _, v := range read[[]api.Version](t, do("GET", "/debian12/version", nil, 200)) {
		numbers = append(numbers, v.VersionNumber)
	}
	if !slices.Equal(numbers, []string{"1.10.0", "1.9.0"}) {
		t.Errorf("versions are %q, want the newest first", numbers)
	}

	version := "/debian12/version/1.9.0"
	do("POST", version+"/provider", map[string]any{"name": "virtualbocks"}, 201)
	do("PUT", version+"/provider/virtualbocks", map[string]any{"name": "virtualbox"}, 200)
	do("POST", version+"/provider", map[string]any{"name": "libvirt"}, 201)
	if list := read[[]api.Provider](t, do("GET", version+"/provider", nil, 200)); len(list) != 2 {
		t.Errorf("providers: %+v", list)
	}
	do("GET", version+"/provider/virtualbocks", nil, 404)
	do("GET", version+"/provider/virtualbox", nil, 200)

	architectures := version + "/provider/virtualbox/architecture"
	do("POST", architectures, map[string]any{"name": "x86"}, 201)
	do("PUT", architectures+"/x86", map[string]any{"name": "amd64"}, 200)
	do("POST", architectures, map[string]any{"name": "arm64", "defaultBox": true}, 201)
	if a := read[api.Architecture](t, do("GET", architectures+"/amd64", nil, 200)); a.DefaultBox {
		t.Errorf("two architectures are the default: %+v", a)
	}
	do("DELETE", architectures+"/arm64", nil, 200)
	list := read[[]api.Architecture](t, do("GET", architectures, nil, 200))
	if len(list) != 1 || list[0].Name != "amd64" || !list[0].DefaultBox {
		t.Errorf("architectures: %+v", list)
	}

	spec := Box{Provider: "virtualbox", Architecture: "amd64", Disk: 1 << 20}
	file := o.publish(t, "debian12", "1.9.0", spec)
	o.wantVersions(t, "debian12") // it is on hold
	do("PUT", version, map[string]any{"release": true}, 200)
	o.wantVersions(t, "debian12", "1.9.0")

	do("PUT", "/debian12", map[string]any{"name": "bookworm"}, 200)
	do("GET", "/debian12", nil, 404)
	link := o.wantVersions(t, "bookworm", "1.9.0").Versions[0].Providers[0].URL
	if got := follow(t, link, "").want(t, 200).body; sha256Of(string(got)) != file.SHA256 {
		t.Errorf("%s has %d bytes that are not the box", link, len(got))
	}

	o.publish(t, "bookworm", "2.0.0", spec)
	if err := o.DeleteFile(t.Context(), o.target("bookworm", "2.0.0", spec)); err != nil {
		t.Fatal(err)
	}
	o.wantVersions(t, "bookworm", "1.9.0") // there is nothing to add in the other
	do("DELETE", "/bookworm/version/1.9.0/provider/libvirt", nil, 200)
	do("DELETE", "/bookworm/version/1.9.0", nil, 200)
	o.wantVersions(t, "bookworm")
	do("DELETE", "/bookworm", nil, 200)
	do("GET", "/bookworm", nil, 404)
	follow(t, link, "").want(t, 404)
}

// TestChunks uploads in the chunks of the existing web interface, the last one before the second.
func TestChunks(t *testing.T) {
	t.Parallel()
	o := newOwner(t, target.URL)
	o.box(t, "debian12", true)
	spec := Box{Provider: "virtualbox", Architecture: "amd64", Disk: 12 << 20}
	file, to := makeBox(t, spec), o.target("debian12", "1.0.0", spec)
	content := must[[]byte](t)(os.ReadFile(file.Path))
	const size = 5 << 20
	send := func(index int) api.UploadResult {
		t.Helper()
		chunk := content[index*size : min((index+1)*size, len(content))]
		return read[api.UploadResult](t, ask(t, "POST", target.URL+filePath(to)+"/upload", bytes.NewReader(chunk),
			"X-Access-Token", o.token, "X-File-Name", "vagrant.box", "X-Chunk-Index", decimal(int64(index)), "X-Total-Chunks", "3").want(t, 200))
	}
	for _, index := range []int{0, 2} {
		if got := send(index); got.Details.IsComplete {
			t.Errorf("after chunk %d: %+v", index, got)
		}
	}
	if got := send(1); !got.Details.IsComplete || got.File.Checksum != file.SHA256 {
		t.Errorf("after the last chunk: %+v", got)
	}
	wantDownload(t, o, to, file)
}

// TestRefusedUploads sends what must not be stored: each is told why, and nothing is listed.
func TestRefusedUploads(t *testing.T) {
	t.Parallel()
	o := newOwner(t, target.URL)
	o.box(t, "debian12", true)
	spec := Box{Provider: "virtualbox", Architecture: "amd64", Disk: 1 << 20}
	file, to := makeBox(t, spec), o.target("debian12", "1.0.0", spec)
	content := string(must[[]byte](t)(os.ReadFile(file.Path)))
	libvirt := to
	libvirt.Provider = "libvirt"
	for _, test := range []struct {
		what    string
		to      registry.Target
		headers []string
		words   string
	}{
		{"another checksum", to, []string{"X-Checksum", sha256Of("other"), "X-Checksum-Type", "SHA256"}, "checksum"},
		{"another provider", libvirt, nil, "virtualbox"},
	} {
		t.Run(test.what, func(t *testing.T) {
			headers := append([]string{"X-Access-Token", o.token}, test.headers...)
			refused := ask(t, "POST", target.URL+filePath(test.to)+"/upload", strings.NewReader(content), headers...).want(t, 400)
			if told := read[api.Error](t, refused); told.Code != "UPLOAD_ERROR" || !strings.Contains(told.Message, test.words) {
				t.Errorf("refused with %+v", told)
			}
		})
	}
	t.Run("given up", func(t *testing.T) {
		up := must[api.Upload](t)(o.BeginUpload(t.Context(), to, api.BeginUpload{Size: file.Size}))
		if err := o.AbortUpload(t.Context(), to, up.ID); err != nil {
			t.Fatal(err)
		}
		putPart(t, up.URLs[0], []byte(content)).want(t, http.StatusNotFound)
		if err := tryComplete(t, o, to, up); registry.KindOf(err) != registry.Conflict {
			t.Errorf("completed after it was given up: %v", err)
		}
	})
	o.wantVersions(t, "debian12")
}
