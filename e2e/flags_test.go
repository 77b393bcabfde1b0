package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/api"
)

// TestWrongFlags starts registries that cannot be started: each says in a line why, and what to do.
func TestWrongFlags(t *testing.T) {
	t.Parallel()
	running := t.TempDir()
	p := serve(t, running)
	cert, key := makeCertificate(t)
	other, _ := makeCertificate(t)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		what  string
		flags []string
		words string
	}{
		{"no address", []string{"--addr", "nonsense"}, "nonsense is no address to listen on"},
		{"an address that is taken", []string{"--addr", p.Addr}, "choose another address with --addr"},
		{"any address, without a URL", []string{"--addr", "0.0.0.0:0"}, "--url"},
		{"a folder that is in use", []string{"--data", running}, "is open in another process"},
		{"a file in place of the folder", []string{"--data", file}, "not a directory"},
		{"a certificate without its key", []string{"--tls-cert", cert}, "--tls-cert and --tls-key"},
		{"a key without its certificate", []string{"--tls-key", key}, "--tls-cert and --tls-key"},
		{"the key of another certificate", []string{"--tls-cert", other, "--tls-key", key}, "private key does not match"},
		{"no way to sign up", []string{"--signup", "maybe"}, "open or invite"},
		{"metrics for whom", []string{"--metrics", "friends"}, "open or token"},
		{"a log of no kind", []string{"--log-format", "xml"}, "json or text"},
		{"a log in no folder", []string{"--log-file", filepath.Join(running, "no", "log")}, "open the log"},
		{"an origin that is none", []string{"--origins", "boxes.example.com"}, "write an origin as https://"},
		{"limits that are none", []string{"--limits", "1200"}, "write limits as address=1200"},
		{"a proxy that is none", []string{"--trusted-proxies", "proxy.example.com"}, "write a proxy as 10.0.0.7"},
		{"a flag that there is not", []string{"--port", "80"}, "unknown flag: --port"},
		{"an argument", []string{"now"}, "now"},
	} {
		t.Run(test.what, func(t *testing.T) {
			c := command{dir: t.TempDir()}
			args := append([]string{"serve", "--addr", "127.0.0.1:0", "--data", filepath.Join(c.dir, "data")}, test.flags...)
			out := c.run(t, target.Binary, args...).fails(t, test.words)
			if !strings.HasPrefix(out.stderr, "boxvault: ") || strings.Count(out.stderr, "\n") > 2 || out.stdout != "" {
				t.Errorf("it prints\n%s%s", out.stdout, out.stderr)
			}
		})
	}
}

// TestInvitationOnly starts a registry that lets nobody but the first account sign up.
func TestInvitationOnly(t *testing.T) {
	t.Parallel()
	p := serve(t, t.TempDir(), "--signup", "invite")
	newOwner(t, p.URL)
	second := api.SignUp{Username: "eve", Email: "eve@example.com", Password: password}
	refused := askJSON(t, "POST", p.URL+"/api/auth/signup", "", second).want(t, 403)
	if told := read[api.Error](t, refused); told.Code != "INSUFFICIENT_PERMISSIONS" {
		t.Errorf("refused with %+v", told)
	}
}
