package files_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"mime/multipart"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

const (
	box     = "/api/organization/acme/box/debian"
	version = box + "/version/1.0.0"
	target  = version + "/provider/virtualbox/architecture/amd64"
	file    = target + "/file"
)

// start starts a registry with the private box debian of acme.
func start(t *testing.T, change ...func(*core.Options)) (r *coretest.Registry, ada string) {
	t.Helper()
	r, ada = coretest.Acme(t, change...)
	r.Box(t, ada, "acme", "debian", false)
	return r, ada
}

// policy changes what acme demands.
func policy(t *testing.T, r *coretest.Registry, owner, json string) {
	t.Helper()
	r.Do(t, "PUT", "/api/organization/acme", owner, json).Want(t, 200)
}

// virtualbox is a box file with a text that tells it from others.
func virtualbox(t *testing.T, text string) []byte { return coretest.BoxFile(t, "virtualbox", text) }

func sum(content []byte) string {
	s := sha256.Sum256(content)
	return hex.EncodeToString(s[:])
}

func upload(t *testing.T, a embeddedtest.Answer) api.Upload {
	t.Helper()
	return embeddedtest.JSON[api.Upload](t, a)
}

// wantFile fails the test unless the file at the path is just this one, in the records as in bytes.
func wantFile(t *testing.T, r *coretest.Registry, token, path string, content []byte) api.File {
	t.Helper()
	told := embeddedtest.JSON[api.File](t, r.Do(t, "GET", path+"/info", token, nil).Want(t, 200))
	if told.FileSize != int64(len(content)) || told.Checksum != sum(content) || told.ChecksumType != "SHA256" {
		t.Errorf("the record says %d bytes, %s; want %d, %s", told.FileSize, told.Checksum, len(content), sum(content))
	}
	link := embeddedtest.JSON[api.DownloadLink](t, r.Do(t, "POST", path+"/get-download-link", token, nil).Want(t, 200))
	if got := r.Fetch(t, link.DownloadURL); !bytes.Equal(got, content) {
		t.Errorf("%d other bytes are stored", len(got))
	}
	return told
}

func wantNoFile(t *testing.T, r *coretest.Registry, token, path string) {
	t.Helper()
	r.Do(t, "GET", path+"/info", token, nil).WantError(t, 404, "NOT_FOUND")
}

// stored counts the files and the parts of files that take room.
func stored(t *testing.T, r *coretest.Registry) (n int) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(r.Data, "files"), func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) { // it went meanwhile
			return nil
		}
		if err == nil && !d.IsDir() && !strings.HasSuffix(path, "lock") {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// formOf is a form with a file in it.
func formOf(t *testing.T, field, name string, content []byte) (body []byte, contentType string) {
	t.Helper()
	var out bytes.Buffer
	form := multipart.NewWriter(&out)
	if err := form.WriteField("note", "comes before the file"); err != nil {
		t.Fatal(err)
	}
	part, err := form.CreateFormFile(field, name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err != nil || form.Close() != nil {
		t.Fatal(err)
	}
	return out.Bytes(), form.FormDataContentType()
}

// linkLife is until when no link that was given out is good any more.
const linkLife = registry.LinkLife + time.Second
