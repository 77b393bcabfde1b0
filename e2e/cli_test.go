package e2e

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/api"
)

// TestTeamWithTheCommand is two people and a CI job who publish with the boxvault command, from
// signing up to taking everything back.
func TestTeamWithTheCommand(t *testing.T) {
	t.Parallel()
	need(t, "bash")
	org := unique("acme")
	tag := org + "/debian12"
	ada, bob := newUser(t), newUser(t)

	ada.boxvault(t, "org", "create", org).ok(t)
	ada.boxvault(t, "org", "add", org, bob.name).ok(t)
	if members := bob.boxvault(t, "org", "members", org).ok(t).stdout; !strings.Contains(members, ada.name) || !strings.Contains(members, bob.name) {
		t.Errorf("members are\n%s", members)
	}
	if mine := bob.boxvault(t, "org", "list").ok(t).stdout; !strings.Contains(mine, org) {
		t.Errorf("the member's organizations are\n%s", mine)
	}

	forVirtualbox := makeBox(t, Box{Provider: "virtualbox", Architecture: "amd64", Disk: 1 << 20})
	forLibvirt := makeBox(t, Box{Provider: "libvirt", Architecture: "arm64", Disk: 1 << 20})
	pushed := ada.boxvault(t, "push", tag, "v1.0.0", forVirtualbox.Path, forLibvirt.Path).ok(t)
	if pushed.stdout != target.URL+"/"+tag+"\n" {
		t.Errorf("push prints %q, and not what to give to `vagrant box add`", pushed.stdout)
	}
	ada.boxvault(t, "push", tag, "1.0.0", forVirtualbox.Path).ok(t) // the same again does nothing
	if code := ada.boxvault(t, "push", tag, "1.0.0", makeBox(t, Box{Provider: "virtualbox", Architecture: "amd64", Disk: 2 << 20}).Path).code; code != 5 {
		t.Errorf("another file for a released version ended with code %d", code)
	}
	if code := bob.boxvault(t, "push", tag, "1.1.0", forVirtualbox.Path).code; code != 3 {
		t.Errorf("a member who pushes to another's box ended with code %d", code)
	}
	if shown := bob.boxvault(t, "show", tag+"@1.0.0").ok(t).stdout; !strings.Contains(shown, forLibvirt.SHA256) {
		t.Errorf("the member is shown\n%s", shown)
	}
	bob.boxvault(t, "pull", tag, "--provider", "libvirt", "-o", "mine.box").ok(t)
	wantSame(t, filepath.Join(bob.dir, "mine.box"), forLibvirt)

	robot := decode[api.ServiceAccount](t, ada.boxvault(t, "token", "create", "--organization", org, "--expires", "90d", "--json").ok(t).stdout)
	job := user{command{dir: t.TempDir(), env: []string{"BOXVAULT_URL=" + target.URL, "BOXVAULT_TOKEN=" + robot.Token}}, robot.Username}
	job.boxvault(t, "push", tag, "1.1.0", forVirtualbox.Path).ok(t)
	if tokens := ada.boxvault(t, "token", "list").ok(t).stdout; !strings.Contains(tokens, robot.Username) {
		t.Errorf("tokens are\n%s", tokens)
	}
	ada.boxvault(t, "token", "delete", "--yes", robot.Username).ok(t)
	if code := job.boxvault(t, "push", tag, "1.2.0", forVirtualbox.Path).code; code != 3 {
		t.Errorf("a push with a deleted token ended with code %d", code)
	}

	ada.boxvault(t, "org", "remove", org, bob.name).ok(t)
	if code := bob.boxvault(t, "show", tag).code; code != 4 {
		t.Errorf("who is shown a private box after leaving ended with code %d", code)
	}
	ada.boxvault(t, "delete", "--yes", tag+"@1.0.0").ok(t)
	if listed := ada.boxvault(t, "list", org).ok(t).stdout; !strings.Contains(listed, tag) {
		t.Errorf("boxes are\n%s", listed)
	}
	ada.boxvault(t, "org", "delete", org, "--yes").ok(t) // with the box
	if code := ada.boxvault(t, "show", tag).code; code != 4 {
		t.Errorf("a box of a deleted organization is shown with code %d", code)
	}
	ada.boxvault(t, "logout").ok(t)
	if code := ada.boxvault(t, "whoami").code; code == 0 {
		t.Error("there is still somebody signed in after logout")
	}
}

// user is somebody with the boxvault command.
type user struct {
	command
	name string
}

func newUser(t *testing.T) user {
	t.Helper()
	u := user{command{dir: t.TempDir()}, unique("ada")}
	u.run(t, "bash", "-ec", target.Binary+" signup "+target.URL+" --username "+u.name+" --email "+u.name+
		`@example.com --password-stdin <<<"`+password+`"`).ok(t)
	return u
}

func (u user) boxvault(t *testing.T, args ...string) ran {
	t.Helper()
	return u.run(t, target.Binary, args...)
}
