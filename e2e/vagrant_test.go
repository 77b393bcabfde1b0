package e2e

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/api"
)

// TestVagrantAdd adds public boxes with the real vagrant, in every form that a user can name them.
func TestVagrantAdd(t *testing.T) {
	t.Parallel()
	need(t, "vagrant")
	o := newOwner(t, target.URL)
	o.box(t, "debian12", true)
	box := Box{Provider: "virtualbox", Architecture: "amd64", Disk: 2 << 20}
	for seed, version := range []string{"1.0.0", "1.1.0", "2.0.0"} {
		box.Seed = uint64(seed)
		o.publish(t, "debian12", version, box)
	}
	o.publish(t, "debian12", "2.0.0", Box{Provider: "libvirt", Disk: 1 << 20})
	tag := o.org + "/debian12"

	for _, test := range []struct {
		how  string
		args []string
		want string
	}{
		{"by URL", []string{target.URL + "/" + tag, "--provider", "virtualbox"}, "(virtualbox, 2.0.0)"},
		{"by the URL with /boxes/", []string{target.URL + "/" + o.org + "/boxes/debian12", "--provider", "libvirt"}, "(libvirt, 2.0.0)"},
		{"by name", []string{tag, "--provider", "virtualbox"}, "(virtualbox, 2.0.0)"},
		{"another provider", []string{tag, "--provider", "libvirt"}, "(libvirt, 2.0.0)"},
		{"a version", []string{tag, "--box-version", "1.0.0"}, "(virtualbox, 1.0.0)"},
		{"a constraint", []string{tag, "--box-version", "~> 1.0"}, "(virtualbox, 1.1.0)"},
		{"two constraints", []string{tag, "--box-version", ">= 1.0, < 1.1"}, "(virtualbox, 1.0.0)"},
	} {
		t.Run(test.how, func(t *testing.T) {
			t.Parallel()
			// Names are looked up at VAGRANT_SERVER_URL; a URL needs none.
			v := newVagrant(t, "VAGRANT_SERVER_URL="+target.URL)
			out := v.do(t, append([]string{"box", "add"}, test.args...)...).ok(t)
			if !strings.Contains(out.stdout, "checksum") {
				t.Errorf("vagrant compared no checksum:\n%s", out.stdout)
			}
			v.wantBoxes(t, tag+" "+test.want)
		})
	}
	t.Run("not there", func(t *testing.T) {
		t.Parallel()
		newVagrant(t).do(t, "box", "add", target.URL+"/"+o.org+"/debian13").fails(t, "404")
	})
	t.Run("by its file", func(t *testing.T) {
		t.Parallel()
		v := newVagrant(t)
		file := target.URL + "/" + o.org + "/boxes/debian12/versions/1.0.0/providers/virtualbox/amd64/vagrant.box"
		v.do(t, "box", "add", "--name", "mine", file).ok(t)
		v.wantBoxes(t, "mine (virtualbox, 0)")
	})
}

// TestVagrantUpdate follows a box from its first version to its second.
func TestVagrantUpdate(t *testing.T) {
	t.Parallel()
	need(t, "vagrant")
	o := newOwner(t, target.URL)
	o.box(t, "debian12", true)
	o.publish(t, "debian12", "1.0.0", Box{Provider: "virtualbox", Disk: 1 << 20})
	tag := o.org + "/debian12"
	v := newVagrant(t)
	v.do(t, "box", "add", target.URL+"/"+tag).ok(t)
	if out := v.do(t, "box", "outdated", "--global").ok(t); !strings.Contains(out.stdout, "is up to date") {
		t.Errorf("before the second version:\n%s", out.stdout)
	}
	o.publish(t, "debian12", "1.0.1", Box{Provider: "virtualbox", Disk: 1 << 20, Seed: 1})
	if out := v.do(t, "box", "outdated", "--global").ok(t); !strings.Contains(out.stdout, "Latest: 1.0.1") {
		t.Errorf("after the second version:\n%s", out.stdout)
	}
	v.do(t, "box", "update", "--box", tag).ok(t)
	v.wantBoxes(t, tag+" (virtualbox, 1.0.0)", tag+" (virtualbox, 1.0.1)")
	if out := v.do(t, "box", "list").ok(t); strings.Count(out.stdout, tag) != 2 {
		t.Errorf("box list:\n%s", out.stdout)
	}
}

// TestVagrantPrivate adds a private box with each credential that vagrant can send, and not without.
func TestVagrantPrivate(t *testing.T) {
	t.Parallel()
	need(t, "vagrant")
	o := newOwner(t, target.URL)
	o.box(t, "secret", false)
	o.box(t, "open", true)
	for _, name := range []string{"secret", "open"} {
		o.publish(t, name, "1.0.0", Box{Provider: "virtualbox", Disk: 1 << 20})
	}
	stranger, robot := newOwner(t, target.URL), o.serviceAccount(t)

	for _, test := range []struct {
		how, box string
		env      []string
		refused  bool
	}{
		{"no token", "secret", nil, true},
		{"a session", "secret", []string{"VAGRANT_CLOUD_TOKEN=" + o.token}, false},
		{"a service account", "secret", []string{"VAGRANT_CLOUD_TOKEN=" + robot.Token}, false},
		{"a session in the URL", "secret", []string{"VAGRANT_CLOUD_TOKEN=" + o.token, "VAGRANT_SERVER_ACCESS_TOKEN_BY_URL=1"}, false},
		{"a service account in the URL", "secret", []string{"VAGRANT_CLOUD_TOKEN=" + robot.Token, "VAGRANT_SERVER_ACCESS_TOKEN_BY_URL=1"}, false},
		{"a stranger's session", "secret", []string{"VAGRANT_CLOUD_TOKEN=" + stranger.token}, true},
		{"a wrong token", "secret", []string{"VAGRANT_CLOUD_TOKEN=wrong"}, true},
		{"a wrong token for a public box", "open", []string{"VAGRANT_CLOUD_TOKEN=wrong"}, false},
	} {
		t.Run(test.how, func(t *testing.T) {
			t.Parallel()
			v := newVagrant(t, append(test.env, "VAGRANT_SERVER_URL="+target.URL)...)
			out := v.do(t, "box", "add", o.org+"/"+test.box)
			if test.refused {
				out.fails(t, "404")
				return
			}
			out.ok(t)
			v.wantBoxes(t, o.org+"/"+test.box+" (virtualbox, 1.0.0)")
		})
	}
	t.Run("who left the organization", func(t *testing.T) {
		t.Parallel()
		member := newPerson(t, target.URL)
		joined := must[api.Member](t)(o.AddMember(t.Context(), o.org, api.MemberInput{Username: member.name}))
		v := newVagrant(t, "VAGRANT_CLOUD_TOKEN="+member.token, "VAGRANT_SERVER_URL="+target.URL)
		v.do(t, "box", "add", o.org+"/secret").ok(t)
		if err := o.RemoveMember(t.Context(), o.org, joined.ID); err != nil {
			t.Fatal(err)
		}
		v.do(t, "box", "add", "--force", o.org+"/secret").fails(t, "404")
	})
}

// vagrant is the real program with a home of its own.
type vagrant struct{ command }

func newVagrant(t *testing.T, env ...string) vagrant {
	t.Helper()
	dir := t.TempDir()
	return vagrant{command{dir: dir, env: append([]string{
		"VAGRANT_HOME=" + filepath.Join(dir, "vagrant.d"), "VAGRANT_CHECKPOINT_DISABLE=1",
	}, env...)}}
}

// do runs a vagrant command.
func (v vagrant) do(t *testing.T, args ...string) ran {
	t.Helper()
	return v.run(t, "vagrant", args...)
}

// wantBoxes fails the test unless exactly these boxes are installed, in the words of `vagrant box
// list`. It looks itself: with a token set, each run of vagrant takes five seconds to warn of it.
func (v vagrant) wantBoxes(t *testing.T, want ...string) {
	t.Helper()
	var got []string
	for _, path := range must[[]string](t)(filepath.Glob(filepath.Join(v.dir, "vagrant.d/boxes/*/*/*/metadata.json"))) {
		parts := strings.Split(filepath.Dir(path), string(filepath.Separator))
		name, version, provider := parts[len(parts)-3], parts[len(parts)-2], parts[len(parts)-1]
		got = append(got, strings.ReplaceAll(name, "-VAGRANTSLASH-", "/")+" ("+provider+", "+version+")")
	}
	if !slices.Equal(got, want) {
		t.Fatalf("installed boxes are %q, want %q", got, want)
	}
}
