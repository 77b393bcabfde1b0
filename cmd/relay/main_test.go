package main_test

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/shared/api"
)

// box writes a box for a provider, of about so many bytes, and returns where it is and its SHA-256. What it has of
// itself comes last, so that all of it is looked through.
func box(t testing.TB, provider string, size int64) (path, sum string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "debian12.box")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	hash := sha256.New()
	w := tar.NewWriter(io.MultiWriter(f, hash))
	description := `{"provider":"` + provider + `"}`
	for _, part := range []struct {
		name string
		size int64
		from io.Reader
	}{{"disk", size, rand.NewChaCha8([32]byte{})}, {"metadata.json", int64(len(description)), strings.NewReader(description)}} {
		err := w.WriteHeader(&tar.Header{Name: part.name, Mode: 0o644, Size: part.size})
		if err == nil {
			_, err = io.CopyN(w, part.from, part.size)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path, hex.EncodeToString(hash.Sum(nil))
}

// curl runs the documented command and returns what it was answered.
func curl(t testing.TB, args ...string) string {
	t.Helper()
	path, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("curl is not here")
	}
	out, err := exec.CommandContext(t.Context(), path, append([]string{"-sS", "-w", " %{http_code}"}, args...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("curl: %v: %s", err, out)
	}
	return string(out)
}

// wantFile checks that the functions list the file.
func (w *world) wantFile(t testing.TB, path, sum string) {
	t.Helper()
	f := embeddedtest.JSON[api.File](t, w.Do(t, "GET", path+"/file/info", w.owner, nil).Want(t, 200))
	if f.Checksum != sum {
		t.Errorf("listed is %+v, the file has the SHA-256 %s", f, sum)
	}
}

const mib = 1 << 20

// The documented commands, with a file that no function would be given.
func TestAFileOfAnySizeIsUploadedByOneRequest(t *testing.T) {
	w := newWorld(t)
	p := start(t, w.env)
	path, sum := box(t, "qemu", 300*mib)
	token := "x-access-token: " + w.owner

	if got := curl(t, "-X", "POST", "-T", path, "-H", token, "-H", "X-File-Name: debian12.box", "-H", "X-Checksum: "+sum,
		"-H", "X-Checksum-Type: sha256", p.url+architecture+"/file/upload"); !strings.HasSuffix(got, " 200") {
		t.Errorf("the body was answered %s", got)
	}
	w.wantFile(t, architecture, sum)
	other := strings.Replace(architecture, "1.0.0", "1.1.0", 1)
	if got := curl(t, "-X", "POST", "-F", "file=@"+path, "-H", token, p.url+other+"/file"); !strings.HasSuffix(got, " 200") {
		t.Errorf("the form was answered %s", got)
	}
	w.wantFile(t, other, sum)

	other = strings.Replace(architecture, "1.0.0", "1.2.0", 1) // from a pipe, of which curl does not know the length
	if got := curl(t, "-X", "POST", "-T", path, "-H", token, "-H", "Transfer-Encoding: chunked", p.url+other+"/file/upload"); !strings.HasSuffix(got, " 200") {
		t.Errorf("the body of unknown length was answered %s", got)
	}
	w.wantFile(t, other, sum)
}

// Vagrant Cloud's and HCP's clients ask where to PUT a file. At the relay they are told the host that they asked
// CloudFront for; at API Gateway's own address there is no such way, and they are told another.
func TestAFileIsPutWhereTheRelaySays(t *testing.T) {
	w := newWorld(t)
	p := start(t, w.env)
	version := "/api/v2/box/acme/debian/version/2.0.0"
	w.Do(t, "POST", "/api/v2/box/acme/debian/versions", w.owner, map[string]any{"version": map[string]any{"version": "2.0.0"}}).Want(t, 200)
	for provider, begin := range map[string]string{
		"virtualbox": version + "/provider/virtualbox/amd64/upload",
		"qemu":       "/vagrant/2022-09-30/registry/acme/box/debian/version/2.0.0/provider/qemu/architecture/amd64/upload",
	} {
		w.Do(t, "POST", version+"/providers", w.owner, map[string]any{"provider": map[string]any{"name": provider, "architecture": "amd64"}}).Want(t, 200)
		if a := w.Do(t, "GET", begin, w.owner, nil).Want(t, 413); !strings.Contains(string(a.Body), "boxvault push") {
			t.Errorf("the functions refuse it with %s", a.Body)
		}
		path, sum := box(t, provider, 32*mib)
		if got := curl(t, "-T", path, p.url+w.placeAt(t, p, begin)); !strings.HasSuffix(got, " 200") {
			t.Errorf("%s: the file is answered %s", provider, got)
		}
		w.wantFile(t, "/api/organization/acme/box/debian/version/2.0.0/provider/"+provider+"/architecture/amd64", sum)
	}
}

// placeAt asks the relay where a file is to go, as CloudFront and the load balancer hand the request on, and
// returns the path.
func (w *world) placeAt(t *testing.T, p *process, begin string) (path string) {
	t.Helper()
	req := request(t, "GET", p.url+begin, w.owner, nil)
	req.Host = "d111.cloudfront.net"
	req.Header.Set("CloudFront-Forwarded-Proto", "https")
	req.Header.Set("X-Forwarded-Proto", "http") // as the load balancer was asked
	answer := w.Send(t, req).Want(t, 200)
	told := embeddedtest.JSON[struct {
		URL        string
		UploadPath string `json:"upload_path"`
	}](t, answer)
	path, found := strings.CutPrefix(told.URL+told.UploadPath, "https://d111.cloudfront.net/api/upload/")
	if !found {
		t.Fatalf("the file is to go to %s", answer.Body)
	}
	return "/api/upload/" + path
}

func request(t testing.TB, method, url, token string, body io.Reader) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("X-Access-Token", token)
	}
	return req
}
