package e2e

import (
	"strings"
	"testing"
)

// TestVagrantThroughAMirror adds a box of another registry with the real vagrant, once while that registry
// is there and once when it is gone.
func TestVagrantThroughAMirror(t *testing.T) {
	t.Parallel()
	need(t, "vagrant")
	needs(t, Loopback)
	mirror := registryWith(t, "--mirrors-private")
	upstream := beside(t, ServeOptions{Data: t.TempDir(), Log: &Log{}})
	publisher := newOwner(t, upstream.URL)
	publisher.box(t, "debian12", true)
	publisher.publish(t, "debian12", "1.0.0", Box{Provider: "virtualbox", Architecture: "amd64", Disk: 20 << 20})
	publisher.publish(t, "debian12", "1.1.0", Box{Provider: "virtualbox", Architecture: "amd64", Disk: 1 << 20, Seed: 1})

	o := newOwner(t, mirror)
	cli := command{dir: t.TempDir(), env: []string{"BOXVAULT_URL=" + mirror, "BOXVAULT_TOKEN=" + o.token}}
	cli.run(t, target.Binary, "org", "mirror", o.org, "--from", upstream.URL, "--upstream", publisher.org, "--allow", "debian*").ok(t)
	if told := cli.run(t, target.Binary, "org", "mirror", o.org).ok(t); !strings.Contains(told.stdout, upstream.URL) {
		t.Errorf("the mirror is told as\n%s", told.stdout)
	}

	tag := o.org + "/debian12"
	add := func(args ...string) (vagrant, ran) {
		v := newVagrant(t, "VAGRANT_SERVER_URL="+mirror)
		return v, v.do(t, append([]string{"box", "add", tag}, args...)...)
	}
	v, out := add("--box-version", "1.0.0")
	if out.ok(t); !strings.Contains(out.stdout, "checksum") {
		t.Errorf("vagrant compared no checksum:\n%s", out.stdout)
	}
	v.wantBoxes(t, tag+" (virtualbox, 1.0.0)")
	newVagrant(t, "VAGRANT_SERVER_URL="+mirror).do(t, "box", "add", o.org+"/windows").fails(t, "404")
	if err := upstream.Stop(); err != nil {
		t.Fatal(err)
	}
	v, out = add("--box-version", "1.0.0")
	out.ok(t)
	v.wantBoxes(t, tag+" (virtualbox, 1.0.0)")
	_, out = add() // nobody has asked for the newest while there was time
	out.fails(t, "502")
	cli.run(t, target.Binary, "org", "mirror", o.org, "--off").ok(t)
}
