package registry_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/registry"
)

var now = time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)

func place(t *testing.T, v *registry.Version, provider, architecture string) (file registry.File, replaced *registry.File) {
	t.Helper()
	file = registry.File{ID: registry.NewID(), Name: "vagrant.box"}
	replaced, err := v.Place(provider, architecture, file, now)
	if err != nil {
		t.Fatal(err)
	}
	return file, replaced
}

func TestAFileMakesWhatIsMissingAndReleasesTheVersion(t *testing.T) {
	v := registry.Version{Number: "1.0.0", Status: registry.Unreleased}
	file, replaced := place(t, &v, "virtualbox", "amd64")
	if replaced != nil || v.Status != registry.Active || v.UpdatedAt != now {
		t.Errorf("replaced %v, the version is %+v", replaced, v)
	}
	a := v.Provider("VirtualBox").Architecture("AMD64")
	if a == nil || !a.Default || a.File.ID != file.ID {
		t.Fatalf("the architecture is %+v", a)
	}
	_, replaced = place(t, &v, "VIRTUALBOX", "Amd64")
	if replaced == nil || replaced.ID != file.ID || len(v.Files()) != 1 {
		t.Errorf("replaced %v, the architecture is %+v", replaced, a)
	}
}

func TestAFileReleasesOnlyAVersionThatIsNeitherHeldNorRevoked(t *testing.T) {
	for _, c := range []struct{ before, want registry.Version }{
		{registry.Version{Status: registry.Unreleased}, registry.Version{Status: registry.Active}},
		{registry.Version{Status: registry.Unreleased, Hold: true}, registry.Version{Status: registry.Unreleased}},
		{registry.Version{Status: registry.Revoked}, registry.Version{Status: registry.Revoked}},
		{registry.Version{Status: registry.Active}, registry.Version{Status: registry.Active}},
	} {
		v := c.before
		place(t, &v, "qemu", "arm64")
		if v.Status != c.want.Status {
			t.Errorf("%s (held: %v) became %s", c.before.Status, c.before.Hold, v.Status)
		}
	}
}

func TestAVersionHasEachNameOnce(t *testing.T) {
	v := registry.Version{Number: "1.0.0"}
	p, err := v.AddProvider("virtualbox", "", now)
	if err != nil {
		t.Fatal(err)
	}
	a, err := v.AddArchitecture(p, "amd64", "", now)
	if err != nil {
		t.Fatal(err)
	}
	_, again := v.AddProvider("VirtualBox", "", now)
	wantKind(t, again, registry.Conflict)
	_, again = v.AddArchitecture(p, "AMD64", "", now)
	wantKind(t, again, registry.Conflict)
	if err := p.RenameArchitecture(a, "AMD64"); err != nil {
		t.Errorf("another spelling of its own name: %v", err)
	}
	if _, err := v.AddArchitecture(p, "arm64", "", now); err != nil {
		t.Fatal(err)
	}
	wantKind(t, p.RenameArchitecture(p.Architecture("arm64"), "amd64"), registry.Conflict)
	if _, err := v.AddProvider("qemu", "", now); err != nil {
		t.Fatal(err)
	}
	wantKind(t, v.RenameProvider(v.Provider("qemu"), "VIRTUALBOX"), registry.Conflict)
}

func wantKind(t *testing.T, err error, want registry.Kind) {
	t.Helper()
	if err == nil || registry.KindOf(err) != want {
		t.Errorf("%v is not of kind %d", err, want)
	}
}

func TestAVersionHasRoomForThreeHundredArtifacts(t *testing.T) {
	v := registry.Version{Number: "1.0.0"}
	for i := range 150 {
		place(t, &v, fmt.Sprint("p", i), "amd64")
	}
	_, err := v.AddProvider("more", "", now)
	wantKind(t, err, registry.Invalid)
	_, err = v.AddArchitecture(v.Provider("p0"), "arm64", "", now)
	wantKind(t, err, registry.Invalid)
	place(t, &v, "p0", "amd64") // replacing takes no room
}

func TestWhatIsRemovedTakesItsFilesAlong(t *testing.T) {
	v := registry.Version{Number: "1.0.0"}
	amd, _ := place(t, &v, "virtualbox", "amd64")
	arm, _ := place(t, &v, "virtualbox", "arm64")
	qemu, _ := place(t, &v, "qemu", "amd64")
	if gone := v.Provider("qemu").RemoveArchitecture("AMD64", now); !sameFiles(gone, qemu) {
		t.Errorf("%v went with the architecture", gone)
	}
	if gone := v.RemoveProvider("VirtualBox", now); !sameFiles(gone, amd, arm) || len(v.Providers) != 1 {
		t.Errorf("%v went with the provider, %v stayed", gone, v.Providers)
	}
	if v.RemoveProvider("none", now) != nil || v.Provider("qemu").RemoveArchitecture("none", now) != nil {
		t.Error("something went that was not there")
	}
}

func sameFiles(got []registry.File, want ...registry.File) bool {
	return slices.EqualFunc(got, want, func(a, b registry.File) bool { return a.ID == b.ID })
}

func TestAFileIsTakenOut(t *testing.T) {
	v := registry.Version{Number: "1.0.0"}
	file, _ := place(t, &v, "virtualbox", "amd64")
	got, err := v.TakeFile("VIRTUALBOX", "amd64")
	if err != nil || got.ID != file.ID || len(v.Files()) != 0 {
		t.Fatalf("took %v, %v", got, err)
	}
	for _, at := range [][2]string{{"virtualbox", "amd64"}, {"virtualbox", "none"}, {"none", "amd64"}} {
		_, err := v.TakeFile(at[0], at[1])
		wantKind(t, err, registry.NotFound)
	}
}

// Whatever is done to a provider, just one of its architectures is the default, and just one of
// those that Vagrant is shown, the last.
func TestThereIsAlwaysJustOneDefault(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	names := []string{"amd64", "arm64", "i386", "unknown", "riscv64"}
	v := registry.Version{Number: "1.0.0"}
	p, err := v.AddProvider("virtualbox", "", now)
	if err != nil {
		t.Fatal(err)
	}
	for step := range 3000 {
		name := names[random.IntN(len(names))]
		a := p.Architecture(name)
		what := random.IntN(6)
		switch {
		case what == 0:
			_, _ = v.AddArchitecture(p, name, "", now)
		case what == 1 && a != nil:
			p.SetDefault(a.ID)
		case what == 2:
			p.RemoveArchitecture(name, now)
		case what == 3:
			place(t, &v, "virtualbox", name)
		case what == 4:
			_, _ = v.TakeFile("virtualbox", name)
		case what == 5 && a != nil:
			_ = p.RenameArchitecture(a, names[random.IntN(len(names))])
		}
		if err := checkDefaults(p); err != nil {
			t.Fatalf("step %d, operation %d on %s: %v", step, what, name, err)
		}
	}
}

func checkDefaults(p *registry.Provider) error {
	defaults, names := 0, map[string]bool{}
	for _, a := range p.Architectures {
		names[a.Name] = true
		if a.Default {
			defaults++
		}
	}
	listed := p.Listed()
	for i, a := range listed {
		if last := i == len(listed)-1; a.IsDefault != last {
			return fmt.Errorf("%s is listed at place %d of %d, default: %v", a.Name, i, len(listed), a.IsDefault)
		}
		if a.Default && !a.IsDefault {
			return fmt.Errorf("the default %s has a file and is not shown as the default", a.Name)
		}
	}
	switch {
	case len(p.Architectures) > 0 && defaults != 1:
		return fmt.Errorf("%d of %d are the default", defaults, len(p.Architectures))
	case len(listed) != len(p.Files()):
		return fmt.Errorf("%d are listed, %d have a file", len(listed), len(p.Files()))
	case len(names) != len(p.Architectures):
		return fmt.Errorf("a name is there twice")
	}
	return nil
}
