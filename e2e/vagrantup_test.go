package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// nothing is a Vagrantfile with a provider that fetches the box and runs no machine, as no hypervisor is
// needed to see what `vagrant up` asks the registry for.
const nothing = `
class Nothing < Vagrant.plugin("2", :provider)
  def initialize(machine) = @machine = machine
  def action(name)
    return unless name == :up
    Vagrant::Action::Builder.new.tap { |b| b.use Vagrant::Action::Builtin::HandleBox; b.use Vagrant::Action::Builtin::BoxCheckOutdated }
  end
  def state = Vagrant::MachineState.new(:not_created, "not created", "there is no machine")
end
class NothingPlugin < Vagrant.plugin("2")
  name "nothing"
  provider(:nothing) { Nothing }
end
Vagrant.configure("2") { |config| config.vm.box = "BOX"; config.vm.box_version = "< 2" }
`

// TestVagrantUp brings up a machine of a box that vagrant knows by its name alone, has to fetch first, and
// hears of a newer version of.
func TestVagrantUp(t *testing.T) {
	t.Parallel()
	need(t, "vagrant")
	o := newOwner(t, target.URL)
	o.box(t, "debian", true)
	o.publish(t, "debian", "1.0.0", Box{Provider: "nothing", Disk: 1 << 20})
	v := newVagrant(t, "VAGRANT_SERVER_URL="+target.URL, "VAGRANT_DEFAULT_PROVIDER=nothing")
	file := strings.Replace(nothing, "BOX", o.org+"/debian", 1)
	if err := os.WriteFile(filepath.Join(v.dir, "Vagrantfile"), []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	v.do(t, "up").ok(t)
	v.wantBoxes(t, o.org+"/debian (nothing, 1.0.0)")
	o.publish(t, "debian", "1.1.0", Box{Provider: "nothing", Disk: 1 << 20, Seed: 1})
	if out := v.do(t, "box", "outdated", "--force").ok(t); !strings.Contains(out.stdout, "1.1.0") {
		t.Errorf("outdated says:\n%s%s", out.stdout, out.stderr)
	}
	v.do(t, "box", "update").ok(t)
	v.wantBoxes(t, o.org+"/debian (nothing, 1.0.0)", o.org+"/debian (nothing, 1.1.0)")
}
