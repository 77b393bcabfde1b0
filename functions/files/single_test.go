package files_test

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha512"
	"encoding/hex"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
)

// Publishing makes what is missing below the box: CI uploads straight to a new version.
func TestAFileComesInByTheDocumentedDoors(t *testing.T) {
	r, ada := start(t)
	for i, door := range []string{"POST raw", "PUT raw", "form"} {
		content := virtualbox(t, door)
		at := strings.Replace(target, "1.0.0", []string{"1.0.0", "v1.1.0", "2"}[i], 1)
		var a embeddedtest.Answer
		switch door {
		case "form":
			body, contentType := formOf(t, "file", "dir/debian.box", content)
			a = r.Ask(t, "POST", at+"/file", ada, body, "Content-Type", contentType)
		default:
			a = r.Ask(t, strings.Fields(door)[0], at+"/file/upload", ada, content, "X-File-Name", "debian.box", "Content-Type", "application/octet-stream")
		}
		got := embeddedtest.JSON[api.UploadResult](t, a.Want(t, 200))
		if !got.Success || !got.Details.IsComplete || got.Details.Status != "complete" || got.Details.FileSize != int64(len(content)) || got.Warning != "" {
			t.Errorf("%s is answered %s", door, a.Body)
		}
		told := wantFile(t, r, ada, at+"/file", content)
		if told.FileName != "debian.box" || told.Contents != "box" || told.UploadedBy != "ada" || *told.DownloadCount != 0 {
			t.Errorf("%s: the file is %+v", door, told)
		}
	}
	versions := embeddedtest.JSON[[]api.Version](t, r.Do(t, "GET", box+"/version", ada, nil).Want(t, 200))
	if len(versions) != 3 || versions[0].VersionNumber != "2" || versions[1].VersionNumber != "1.1.0" || versions[2].Status != "active" {
		t.Errorf("the versions are %+v", versions)
	}
}

func TestAFileWithoutAName(t *testing.T) {
	r, ada := start(t)
	got := embeddedtest.JSON[api.UploadResult](t, r.Upload(t, ada, target, []byte("x")).Want(t, 200))
	if got.File.FileName != "vagrant.box" || got.File.FileSize != 1 || got.Warning == "" {
		t.Errorf("stored %+v", got.File)
	}
}

// Nobody could add it, and no client imports it.
func TestAnEmptyFileIsRefusedAtEveryDoor(t *testing.T) {
	r, ada := start(t)
	policy(t, r, ada, `{"mutableReleases":true}`)
	form, formType := formOf(t, "file", "zero.box", nil)
	unsized := func() embeddedtest.Answer {
		req, err := http.NewRequestWithContext(t.Context(), "POST", r.URL+target+"/file/upload", io.MultiReader(strings.NewReader("")))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Access-Token", ada)
		return r.Send(t, req)
	}
	refuse := func() {
		t.Helper()
		for door, a := range map[string]embeddedtest.Answer{
			"raw":             r.Upload(t, ada, target, []byte{}),
			"without a size":  unsized(),
			"form":            r.Ask(t, "POST", target+"/file", ada, form, "Content-Type", formType),
			"the only chunk":  sendChunk(t, r, ada, 0, 1, []byte{}),
			"with a checksum": r.Upload(t, ada, target, []byte{}, "X-Checksum", sum([]byte("x"))),
		} {
			if told := embeddedtest.JSON[api.Error](t, a); a.Status != 400 || told.Code != "UPLOAD_ERROR" || told.Message != "the file is empty" {
				t.Errorf("%s: an empty file is answered %d %s", door, a.Status, a.Body)
			}
		}
	}
	refuse()
	wantNoFile(t, r, ada, file)
	content := virtualbox(t, "good")
	r.Upload(t, ada, target, content).Want(t, 200)
	refuse()
	wantFile(t, r, ada, file, content)
	r.Do(t, "POST", multi, ada, `{"size":0}`).WantError(t, 400, "VALIDATION_ERROR")
}

func TestChecksums(t *testing.T) {
	r, ada := start(t)
	policy(t, r, ada, `{"mutableReleases":true}`)
	content := virtualbox(t, "content")
	md5sum, sha1sum, sum384, sum512 := md5.Sum(content), sha1.Sum(content), sha512.Sum384(content), sha512.Sum512(content)
	for name, right := range map[string]string{
		"md5": hex.EncodeToString(md5sum[:]), "SHA1": hex.EncodeToString(sha1sum[:]), "sha256": sum(content), "SHA-256": sum(content),
		"sha384": hex.EncodeToString(sum384[:]), "sha512": hex.EncodeToString(sum512[:]), "": sum(content),
	} {
		r.Upload(t, ada, target, content, "X-Checksum", strings.ToUpper(right), "X-Checksum-Type", name).Want(t, 200)
		last := wantFile(t, r, ada, file, content).ID
		wrong := strings.Repeat("0", len(right))
		a := r.Upload(t, ada, target, virtualbox(t, "other"), "X-Checksum", wrong, "X-Checksum-Type", name).WantError(t, 400, "UPLOAD_ERROR")
		if d := embeddedtest.JSON[api.Error](t, a).Details; d["declared"] != wrong || d["computed"] == nil {
			t.Errorf("%s: %s", name, a.Body)
		}
		form, contentType := formOf(t, "file", "x.box", content)
		r.Ask(t, "POST", file, ada, form, "Content-Type", contentType, "X-Checksum", wrong, "X-Checksum-Type", name).WantError(t, 400, "UPLOAD_ERROR")
		if wantFile(t, r, ada, file, content).ID != last {
			t.Errorf("%s: a file with a wrong checksum took the place of a good one", name)
		}
	}
	r.Sweep(t)
	r.Clock.Advance(2 * time.Hour)
	r.Sweep(t)
	if n := stored(t, r); n != 1 {
		t.Errorf("%d files take room for one that is listed", n)
	}
}

func TestWhatIsWrongWithADeclarationIsNamed(t *testing.T) {
	r, ada := start(t)
	for _, c := range []struct{ header, value, field string }{
		{"X-Checksum", "xyz", "checksum"}, {"X-Checksum", sum(nil)[:62], "checksum"}, {"X-Checksum-Type", "crc32", "checksumType"},
		{"X-File-Name", "../../etc/passwd", "fileName"}, {"X-File-Name", `a\b`, "fileName"}, {"X-File-Name", strings.Repeat("x", 256), "fileName"},
		{"X-Chunk-Index", "one", "X-Chunk-Index"}, {"X-Chunk-Index", "0", "X-Total-Chunks"}, {"X-Total-Chunks", "3", "X-Chunk-Index"},
	} {
		a := r.Upload(t, ada, target, []byte("x"), c.header, c.value).WantError(t, 400, "VALIDATION_ERROR")
		if embeddedtest.JSON[api.Error](t, a).Details[c.field] == nil {
			t.Errorf("%s: %s is answered %s", c.header, c.value, a.Body)
		}
	}
	for old, bad := range map[string]string{"1.0.0": "latest", "virtualbox": "-", "amd64": "upload"} {
		r.Upload(t, ada, strings.Replace(target, old, bad, 1), []byte("x")).WantError(t, 400, "VALIDATION_ERROR")
	}
	wrongField, contentType := formOf(t, "box", "x.box", []byte("x"))
	r.Ask(t, "POST", file, ada, wrongField, "Content-Type", contentType).WantError(t, 400, "VALIDATION_ERROR")
	r.Ask(t, "POST", file, ada, []byte("raw")).WantError(t, 400, "VALIDATION_ERROR")
	r.Do(t, "GET", version, ada, nil).WantError(t, 404, "NOT_FOUND") // nothing was made for them
}

func TestWhoMayUpload(t *testing.T) {
	r, ada := start(t)
	public := "/api/organization/acme/box/public" + strings.TrimPrefix(target, box)
	bob := r.Member(t, ada, "acme", "bob", "member")
	r.Box(t, bob, "acme", "public", true)
	carl := r.Member(t, ada, "acme", "carl", "member")
	for _, c := range []struct {
		token, at string
		status    int
	}{
		{"", target, 401}, {"", public, 401}, {r.Person(t, "mallory"), target, 404}, {r.Person(t, "eve"), public, 403},
		{carl, public, 403}, {bob, public, 200}, {ada, public, 200}, {carl, target, 403}, {ada, target, 200},
		{ada, strings.Replace(target, "debian", "none", 1), 404},
	} {
		r.Upload(t, c.token, c.at, virtualbox(t, "x")).Want(t, c.status)
		if c.status != 200 {
			r.Do(t, "POST", c.at+"/file/multipart", c.token, `{"size":5}`).Want(t, c.status)
			r.Do(t, "GET", c.at+"/file/multipart", c.token, nil).Want(t, c.status)
			r.Do(t, "DELETE", c.at+"/file/delete", c.token, nil).Want(t, c.status)
		}
	}
}

// A service account makes the box as well, where its organization lets it.
func TestAServiceAccountMakesTheBoxWhereItMay(t *testing.T) {
	r, ada := coretest.Acme(t)
	program := r.ServiceAccount(t, ada, nil).Token
	r.Upload(t, program, target, virtualbox(t, "x")).WantError(t, 404, "NOT_FOUND")
	policy(t, r, ada, `{"serviceAccountsCreateBoxes":true}`)
	r.Upload(t, ada, target, virtualbox(t, "x")).WantError(t, 404, "NOT_FOUND") // people make theirs by themselves
	r.Upload(t, program, strings.Replace(target, "debian", "a..b", 1), virtualbox(t, "x")).Want(t, 400)
	r.Upload(t, program, strings.Replace(target, "acme", "none", 1), virtualbox(t, "x")).WantError(t, 404, "NOT_FOUND")
	r.Upload(t, program, target, virtualbox(t, "x")).Want(t, 200)
	if b := embeddedtest.JSON[api.Box](t, r.Do(t, "GET", box, ada, nil).Want(t, 200)); b.IsPublic || b.UserID != int64(r.Account(t, "ada").ID) {
		t.Errorf("it made %+v", b)
	}
	r.Do(t, "POST", strings.Replace(target, "debian", "fedora", 1)+"/file/multipart", program, `{"size":5}`).Want(t, 201)
}
