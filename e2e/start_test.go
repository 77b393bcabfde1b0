package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/api"
)

// TestFirstStart does what the first start says to do next, as it is printed, and starts a second
// time.
func TestFirstStart(t *testing.T) {
	t.Parallel()
	need(t, "bash")
	data := filepath.Join(t.TempDir(), "not", "there")
	p := serve(t, data)
	next := readSteps(t, p)
	if !strings.Contains(p.Stdout(), "data is in "+data+"\n") {
		t.Errorf("it does not say where data is:\n%s", p.Stdout())
	}
	if info := must[os.FileInfo](t)(os.Stat(filepath.Join(data, "secret"))); info.Mode() != 0o600 {
		t.Errorf("the secret has mode %v", info.Mode())
	}

	you := newcomer(t)
	box := must[BoxFile](t)(Box{Provider: "virtualbox", Disk: 1 << 20}.Write(filepath.Join(you.dir, "debian12.box")))
	// There is no terminal to ask on.
	you.run(t, "bash", "-ec", next.signup+` --username you --email you@example.com --password-stdin <<<"a long password"`).ok(t)
	you.run(t, "bash", "-ec", next.create).ok(t)
	you.run(t, "bash", "-ec", next.push).ok(t)
	if who := you.run(t, target.Binary, "whoami").ok(t).stdout; !strings.Contains(who, "admin") {
		t.Errorf("the first account is no platform admin: %s", who)
	}
	stranger := newClient(t, p.URL, "")
	if m := must[api.Metadata](t)(stranger.Metadata(t.Context(), "myorg", "debian12")); m.Versions[0].Providers[0].Checksum != box.SHA256 {
		t.Errorf("published %+v", m)
	}
	t.Run("vagrant", func(t *testing.T) {
		need(t, "vagrant")
		v := newVagrant(t)
		v.run(t, "bash", "-ec", next.add).ok(t)
		v.wantBoxes(t, "myorg/debian12 (virtualbox, 1.0.0)")
	})

	if err := p.Stop(); err != nil {
		t.Fatal(err)
	}
	again := serve(t, data)
	ask(t, "GET", again.URL+"/health", nil).want(t, 200)
	if err := again.Stop(); err != nil {
		t.Fatal(err)
	}
	if said := again.Stdout(); strings.Contains(said, "Nobody has signed up") || strings.Count(said, "\n") != 2 {
		t.Errorf("the second start says\n%s", said)
	}
}

// steps are the commands that the first start prints.
type steps struct{ signup, create, push, add string }

func readSteps(t *testing.T, p *Process) steps {
	t.Helper()
	until(t, "the first start has said what to do next", func() bool { return strings.Contains(p.Stdout(), "vagrant box add") })
	find := func(words string) string {
		found := regexp.MustCompile(`(?m)^  .*\b` + words + ` .*$`).FindString(p.Stdout())
		if found == "" {
			t.Fatalf("the first start has no line with %q:\n%s", words, p.Stdout())
		}
		return found
	}
	return steps{signup: find("signup"), create: find("org create"), push: find("push"), add: find("vagrant box add")}
}

// newcomer is somebody who has just installed boxvault.
func newcomer(t *testing.T) command {
	t.Helper()
	bin := t.TempDir()
	if err := os.Symlink(target.Binary, filepath.Join(bin, "boxvault")); err != nil {
		t.Fatal(err)
	}
	return command{dir: t.TempDir(), env: []string{"PATH=" + bin + string(os.PathListSeparator) + os.Getenv("PATH")}}
}
