package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/api"
)

// TestMovingFromOneRegistryToAnother is how an organization moves, with what only its members see, over a
// line that is cut: everything has its name, its state and its bytes afterwards.
func TestMovingFromOneRegistryToAnother(t *testing.T) {
	t.Parallel()
	line := serveBehind(t)
	from := newOwner(t, line.URL)
	from.box(t, "debian12", false)
	amd64, arm64 := Box{Provider: "virtualbox", Architecture: "amd64", Disk: 20 << 20}, Box{Provider: "virtualbox", Architecture: "arm64", Disk: 1 << 20}
	large, small := from.publish(t, "debian12", "1.0.0", amd64), from.publish(t, "debian12", "1.0.0", arm64)
	from.publish(t, "debian12", "1.1.0", arm64)
	must[api.Version](t)(from.RevokeVersion(t.Context(), from.org, "debian12", "1.1.0"))
	number, held := "2.0.0", false
	must[api.Version](t)(from.CreateVersion(t.Context(), from.org, "debian12", api.NewVersion{VersionInput: api.VersionInput{VersionNumber: &number, Release: &held}}))
	from.publish(t, "debian12", "2.0.0", arm64)

	to := newPerson(t, target.URL)
	to.org = from.org
	me := command{dir: t.TempDir(), env: []string{
		"BOXVAULT_URL=" + target.URL, "BOXVAULT_TOKEN=" + to.token, "BOXVAULT_FROM_TOKEN=" + from.token,
	}}
	args := []string{"import", from.org, "--from", line.URL, "--create-organization", "--json"}
	plan := decode[map[string]any](t, me.run(t, target.Binary, append(args, "--dry-run")...).ok(t).stdout)
	want := map[string]any{"fromType": "boxvault", "summary": map[string]any{"versions": 3.0, "toImport": 4.0}}
	if lack := missing(want, plan, true); len(lack) > 0 {
		t.Errorf("the plan is %v: %q", plan, lack)
	}
	cut := line.Cut(Down, 7<<20)
	before := line.Carried(Down)
	done := me.run(t, target.Binary, args...).ok(t)
	wait(t, cut, "the cut")
	if strings.Contains(done.stdout+done.stderr, from.token) {
		t.Error("the token of the source is shown")
	}
	if moved, all := line.Carried(Down)-before, large.Size+3*small.Size; moved > all+slack {
		t.Errorf("%d bytes were fetched for %d", moved, all)
	}

	to.wantVersions(t, "debian12", "1.0.0")
	var states []string
	for _, v := range must[api.Box](t)(to.Box(t.Context(), to.org, "debian12")).Versions {
		states = append(states, v.VersionNumber+" "+v.Status)
	}
	if got := strings.Join(states, ", "); got != "2.0.0 unreleased, 1.1.0 revoked, 1.0.0 active" {
		t.Errorf("the versions are %s", got)
	}
	wantDownload(t, to, to.target("debian12", "1.0.0", amd64), large)
	wantDownload(t, to, to.target("debian12", "1.0.0", arm64), small)

	again := decode[map[string]any](t, me.run(t, target.Binary, args...).ok(t).stdout)
	if lack := missing(map[string]any{"summary": map[string]any{"imported": 0.0, "alreadyThere": 4.0}}, again, true); len(lack) > 0 {
		t.Errorf("the second import did %v: %q", again, lack)
	}
}

// TestBoxesFromBeforeFollow is a machine that had a box from the registry which is gone now. Vagrant keeps
// the URL that a box came from, whatever VAGRANT_SERVER_URL says: it is changed once.
func TestBoxesFromBeforeFollow(t *testing.T) {
	t.Parallel()
	need(t, "vagrant", "sed", "bash")
	old := serve(t, t.TempDir())
	from := newOwner(t, old.URL)
	from.box(t, "debian12", true)
	box := Box{Provider: "virtualbox", Disk: 1 << 20}
	from.publish(t, "debian12", "1.0.0", box)
	tag := from.org + "/debian12"
	before := newVagrant(t, "VAGRANT_SERVER_URL="+old.URL)
	before.do(t, "box", "add", tag).ok(t)

	to := newPerson(t, target.URL)
	to.org = from.org
	me := command{dir: t.TempDir(), env: []string{"BOXVAULT_URL=" + target.URL, "BOXVAULT_TOKEN=" + to.token}}
	me.run(t, target.Binary, "import", tag, "--from", old.URL, "--create-organization").ok(t)
	if err := old.Stop(); err != nil {
		t.Fatal(err)
	}
	box.Seed = 1
	to.publish(t, "debian12", "1.1.0", box)

	machine := before
	machine.env = append(slices.Clone(before.env), "VAGRANT_SERVER_URL="+target.URL)
	machine.do(t, "box", "update", "--box", tag).fails(t, "error while downloading the metadata")
	machine.run(t, "bash", "-ec", `sed -i -E 's#^https?://[^/]+/(api/v2/vagrant/)?`+to.org+`/#`+target.URL+`/`+to.org+`/#' vagrant.d/boxes/`+to.org+`-VAGRANTSLASH-*/metadata_url`).ok(t)
	machine.do(t, "box", "update", "--box", tag).ok(t)
	machine.wantBoxes(t, tag+" (virtualbox, 1.0.0)", tag+" (virtualbox, 1.1.0)")
}
