package client_test

import (
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/shared/registry"
)

// A file that its publisher keeps elsewhere is fetched from there, by what the publisher says of it: perhaps
// an MD5, perhaps nothing.
func TestPullOfAFileThatIsElsewhere(t *testing.T) {
	content := []byte("a box that is elsewhere")
	digest := md5.Sum(content)
	right := hex.EncodeToString(digest[:])
	far := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Access-Token") != "" || r.Header.Get("Authorization") != "" {
			t.Error("the token was sent along")
		}
		_, _ = w.Write(content)
	}))
	t.Cleanup(far.Close)
	r := embeddedtest.Start(t)
	token := r.SignUp(t, "ada")
	r.Organization(t, token, "acme")
	r.Box(t, token, "acme", "debian12", true)
	c := connect(t, r, token)
	const box = "/api/v2/box/acme/debian12"
	for number, declared := range map[string]string{
		"1.0.0": `,"checksum":"` + right + `","checksum_type":"md5"`, "2.0.0": "",
		"3.0.0": `,"checksum":"00000000000000000000000000000000","checksum_type":"md5"`,
	} {
		r.Do(t, "POST", box+"/versions", token, `{"version":{"version":"`+number+`"}}`).Want(t, 200)
		body := fmt.Sprintf(`{"provider":{"name":"virtualbox","architecture":"amd64","url":"%s/a.box"%s}}`, far.URL, declared)
		r.Do(t, "POST", box+"/version/"+number+"/providers", token, body).Want(t, 200)
	}
	out := filepath.Join(t.TempDir(), "a.box")
	pull := func(number registry.Number, overwrite bool) (client.Pulled, error) {
		at := target
		at.Version = number
		return c.Pull(t.Context(), client.PullOptions{Target: at, Path: out, Overwrite: overwrite})
	}
	for _, c := range []struct {
		version registry.Number
		there   bool
	}{{"1.0.0", false}, {"1.0.0", true}, {"2.0.0", false}} {
		done, err := pull(c.version, true)
		if got, _ := os.ReadFile(out); err != nil || done.AlreadyThere != c.there || string(got) != string(content) {
			t.Errorf("%s: %+v, %v, %q", c.version, done, err, got)
		}
	}
	if _, err := pull("2.0.0", false); registry.KindOf(err) != registry.Conflict {
		t.Errorf("onto a file that may be another: %v", err)
	}
	var wrong *client.ChecksumError
	if _, err := pull("3.0.0", true); !errors.As(err, &wrong) || wrong.Got != right || wrong.Type != "md5" {
		t.Errorf("another file than was said: %v", err)
	}
}
