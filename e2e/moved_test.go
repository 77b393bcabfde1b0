package e2e

import (
	"testing"

	"github.com/boxvault/boxvault/shared/api"
)

// TestABoxThatWasThereBeforeFollowsToTheNewRegistry is about machines that have a box from a registry which
// is gone: Vagrant keeps the URL of each box that it has, and VAGRANT_SERVER_URL changes none of these. A
// line of sed does, and so does adding the box anew; docs/moving-from-vagrant-cloud.md says both.
func TestABoxThatWasThereBeforeFollowsToTheNewRegistry(t *testing.T) {
	t.Parallel()
	need(t, "vagrant", "sed")
	before := serve(t, t.TempDir())
	old := newOwner(t, before.URL)
	o := newPerson(t, target.URL)
	o.org = old.org // the name stays
	must[api.Organization](t)(o.CreateOrganization(t.Context(), api.OrganizationInput{Name: &o.org}))
	first := Box{Provider: "virtualbox", Disk: 1 << 20}
	for _, at := range []owner{old, o} {
		at.box(t, "debian", true)
		at.publish(t, "debian", "1.0.0", first)
	}
	o.publish(t, "debian", "1.1.0", Box{Provider: "virtualbox", Disk: 1 << 20, Seed: 1})
	tag := o.org + "/debian"

	readers := map[string]vagrant{}
	for _, how := range []string{"sed", "box add"} {
		v := newVagrant(t, "VAGRANT_SERVER_URL="+before.URL)
		v.do(t, "box", "add", tag).ok(t)
		v.env = append(v.env, "VAGRANT_SERVER_URL="+target.URL)
		readers[how] = v
	}
	if err := before.Stop(); err != nil {
		t.Fatal(err)
	}
	readers["sed"].do(t, "box", "update", "--box", tag).fails(t, "")
	readers["sed"].run(t, "sh", "-c", "sed -i 's#^"+before.URL+"#"+target.URL+"#' vagrant.d/boxes/*/metadata_url").ok(t)
	readers["sed"].do(t, "box", "update", "--box", tag).ok(t)
	readers["box add"].do(t, "box", "add", tag).ok(t)
	readers["box add"].do(t, "box", "update", "--box", tag).ok(t)
	for _, v := range readers {
		v.wantBoxes(t, tag+" (virtualbox, 1.0.0)", tag+" (virtualbox, 1.1.0)")
	}
}
