package e2e

import (
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// publisher is the real vagrant of somebody who publishes boxes.
func (o owner) publisher(t *testing.T) vagrant {
	t.Helper()
	return newVagrant(t, "VAGRANT_SERVER_URL="+target.URL, "VAGRANT_CLOUD_TOKEN="+o.token)
}

// step is a command of vagrant, and words that it must say.
type step struct {
	command string // ORG stands for the organization, FILE for a box file
	says    string
}

func (o owner) walk(t *testing.T, v vagrant, file BoxFile, steps ...step) {
	t.Helper()
	for _, s := range steps {
		command := strings.NewReplacer("ORG", o.org, "FILE", file.Path).Replace(s.command)
		if out := v.do(t, strings.Fields(command)...).ok(t); !strings.Contains(out.stdout+out.stderr, s.says) {
			t.Fatalf("vagrant %s does not say %q:\n%s%s", command, s.says, out.stdout, out.stderr)
		}
	}
}

// TestVagrantCloud goes through every `vagrant cloud` command of a publisher, one by one.
func TestVagrantCloud(t *testing.T) {
	t.Parallel()
	need(t, "vagrant")
	file := makeBox(t, Box{Provider: "virtualbox", Disk: 1 << 20})
	t.Run("who signs in", func(t *testing.T) {
		t.Parallel()
		o := newOwner(t, target.URL)
		v := newVagrant(t, "VAGRANT_SERVER_URL="+target.URL)
		o.walk(t, v, file, step{"cloud auth login --token " + o.token, "token was successfully saved"}, step{"cloud auth whoami", o.name},
			step{"cloud auth login --check", "You are already logged in"}, step{"cloud auth logout", "logged out"})
		v.do(t, "cloud", "auth", "login", "--token", "wrong").fails(t, "")
	})
	t.Run("a box and its versions", func(t *testing.T) {
		t.Parallel()
		o := newOwner(t, target.URL)
		v := o.publisher(t)
		o.walk(t, v, file, step{"cloud box create -d words -s short ORG/debian", "Created box " + o.org + "/debian"})
		v.do(t, "cloud", "box", "create", o.org+"/debian").fails(t, "exist")
		o.walk(t, v, file,
			step{"cloud box update -d others --no-private ORG/debian", "Updated box"},
			step{"cloud version create -d first ORG/debian 1.0.0", "Created version 1.0.0"},
			step{"cloud version update -d better ORG/debian 1.0.0", "Updated version 1.0.0"},
			step{"cloud box show ORG/debian", "debian"})
		box := must[api.Box](t)(o.Box(t.Context(), o.org, "debian"))
		if box.Description != "others" || box.ShortDescription != "short" || !box.IsPublic || box.Versions[0].Description != "better" {
			t.Errorf("it is %+v", box)
		}
		v.do(t, "cloud", "version", "release", "-f", o.org+"/debian", "1.0.0").fails(t, "has no file")
		o.walk(t, v, file,
			step{"cloud version delete -f ORG/debian 1.0.0", "Deleted version 1.0.0"},
			step{"cloud box delete -f ORG/debian", "Deleted box"})
		if _, err := o.Box(t.Context(), o.org, "debian"); registry.KindOf(err) != registry.NotFound {
			t.Errorf("after that there is %v", err)
		}
	})
	t.Run("providers and their files", func(t *testing.T) {
		t.Parallel()
		o := newOwner(t, target.URL)
		o.box(t, "debian", true)
		v := o.publisher(t)
		o.walk(t, v, file,
			step{"cloud version create ORG/debian 1.0.0", "Created version"},
			step{"cloud provider create ORG/debian virtualbox 1.0.0", "Created provider"},
			step{"cloud provider upload ORG/debian virtualbox 1.0.0 FILE", "Uploaded provider"},
			step{"cloud provider create ORG/debian libvirt 1.0.0 https://example.com/a.box", "Created provider"},
			step{"cloud provider update -c " + file.SHA256 + " -C sha256 ORG/debian libvirt 1.0.0 https://example.com/b.box", "Updated provider"})
		o.wantVersions(t, "debian")
		o.walk(t, v, file, step{"cloud version release -f ORG/debian 1.0.0", "Released version"})
		o.wantProviders(t, "debian", file)
		o.walk(t, v, file,
			step{"cloud provider delete -f ORG/debian libvirt 1.0.0", "Deleted provider"},
			step{"cloud version revoke -f ORG/debian 1.0.0", "Revoked version"})
		o.wantVersions(t, "debian")
	})
	t.Run("a file through the registry", func(t *testing.T) {
		t.Parallel()
		o := newOwner(t, target.URL)
		o.box(t, "debian", true)
		o.walk(t, o.publisher(t), file,
			step{"cloud version create ORG/debian 1.0.0", "Created version"},
			step{"cloud provider create ORG/debian virtualbox 1.0.0", "Created provider"},
			step{"cloud provider upload --no-direct ORG/debian virtualbox 1.0.0 FILE", "Uploaded provider"},
			step{"cloud version release -f ORG/debian 1.0.0", "Released version"})
		if p := o.wantVersions(t, "debian", "1.0.0").Versions[0].Providers; len(p) != 1 || p[0].Checksum != file.SHA256 {
			t.Errorf("listed are %+v", p)
		}
	})
}

// wantProviders wants a file of ours and one that is elsewhere in the only version of a box.
func (o owner) wantProviders(t *testing.T, box string, file BoxFile) {
	t.Helper()
	providers := o.wantVersions(t, box, "1.0.0").Versions[0].Providers
	if len(providers) != 2 {
		t.Fatalf("there are %+v", providers)
	}
	for _, p := range providers {
		if p.Checksum != file.SHA256 || p.ChecksumType != "sha256" || p.Architecture != "unknown" || !p.DefaultArchitecture {
			t.Errorf("it is %+v", p)
		}
	}
	if a := ask(t, "GET", providers[1].URL, nil); a.status != 302 || a.header.Get("Location") != "https://example.com/b.box" {
		t.Errorf("the one that is elsewhere is answered %d %v", a.status, a.header)
	}
	if got := follow(t, providers[0].URL, ""); sha256Of(string(got.body)) != file.SHA256 {
		t.Errorf("%d bytes that are not the box", len(got.body))
	}
}

// TestVagrantCloudPublish publishes a box in one go, then another version, to somebody who has the first;
// the name and VAGRANT_SERVER_URL are all that either of them knows.
func TestVagrantCloudPublish(t *testing.T) {
	t.Parallel()
	need(t, "vagrant")
	o := newOwner(t, target.URL)
	first, second := makeBox(t, Box{Provider: "virtualbox", Disk: 1 << 20}), makeBox(t, Box{Provider: "virtualbox", Disk: 1 << 20, Seed: 1})
	v, reader := o.publisher(t), newVagrant(t, "VAGRANT_SERVER_URL="+target.URL)
	const publish = "cloud publish -f --release -d words -s short --version-description notes "
	o.walk(t, v, first, step{publish + "--no-private ORG/debian 1.0.0 virtualbox FILE", "Complete! Published"})
	o.wantVersions(t, "debian", "1.0.0")
	o.walk(t, reader, first, step{"box add ORG/debian", "Successfully added box"})
	reader.wantBoxes(t, o.org+"/debian (virtualbox, 1.0.0)")

	o.walk(t, v, second, step{publish + "-c " + second.SHA256 + " -C sha256 ORG/debian 1.1.0 virtualbox FILE", "Complete! Published"})
	o.wantVersions(t, "debian", "1.0.0", "1.1.0")
	o.walk(t, reader, second, step{"box outdated --global", "Latest: 1.1.0"}, step{"box update --box ORG/debian", "Successfully added box"},
		step{"cloud search " + o.org, "1.1.0"})
	reader.wantBoxes(t, o.org+"/debian (virtualbox, 1.0.0)", o.org+"/debian (virtualbox, 1.1.0)")

	// A checksum that is not the file's: nothing is published.
	v.do(t, strings.Fields(publish+"-c "+first.SHA256+" -C sha256 "+o.org+"/debian 1.2.0 virtualbox "+second.Path)...).fails(t, "checksum")
	o.wantVersions(t, "debian", "1.0.0", "1.1.0")
}

// TestVagrantCloudRefused does what its caller may not do.
func TestVagrantCloudRefused(t *testing.T) {
	t.Parallel()
	need(t, "vagrant")
	o, outsider := newOwner(t, target.URL), newOwner(t, target.URL)
	o.box(t, "debian", false)
	v := newVagrant(t, "VAGRANT_SERVER_URL="+target.URL, "VAGRANT_CLOUD_TOKEN="+outsider.token)
	v.do(t, "cloud", "version", "create", o.org+"/debian", "1.0.0").fails(t, "")
	if list := must[api.Box](t)(o.Box(t.Context(), o.org, "debian")).Versions; len(list) != 0 {
		t.Errorf("there are %+v", list)
	}
}
