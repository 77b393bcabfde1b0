package client

import (
	"testing"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// build is a version's provider with its architectures; the one with a star is the default.
func build(provider string, architectures ...string) api.Provider {
	p := api.Provider{Name: provider}
	for _, name := range architectures {
		a := api.Architecture{Name: name, Files: []api.File{{FileName: provider + "/" + name}}}
		if name[0] == '*' {
			a.Name, a.DefaultBox = name[1:], true
		}
		p.Architectures = append(p.Architectures, a)
	}
	return p
}

func TestChoose(t *testing.T) {
	empty := api.Provider{Name: "hyperv", Architectures: []api.Architecture{{Name: "amd64"}}}
	two := []api.Provider{build("virtualbox", "amd64", "*arm64"), build("libvirt", "amd64")}
	for name, test := range map[string]struct {
		providers []api.Provider
		want      registry.Target // what was asked for
		chosen    string          // provider/architecture, or the code of the error
	}{
		"the only one":               {[]api.Provider{build("libvirt", "s390x"), empty}, registry.Target{}, "libvirt/s390x"},
		"this machine's":             {two, registry.Target{Provider: "virtualbox"}, "virtualbox/amd64"},
		"the default":                {[]api.Provider{build("libvirt", "s390x", "*arm64")}, registry.Target{}, "libvirt/arm64"},
		"by name, whatever its case": {two, registry.Target{Provider: "VirtualBox", Architecture: "ARM64"}, "virtualbox/arm64"},
		"two providers":              {two, registry.Target{}, "VALIDATION_ERROR"},
		"no such provider":           {two, registry.Target{Provider: "hyperv"}, "NOT_FOUND"},
		"no such architecture":       {two, registry.Target{Provider: "libvirt", Architecture: "arm64"}, "NOT_FOUND"},
		"no file":                    {[]api.Provider{empty}, registry.Target{}, "NOT_FOUND"},
	} {
		target, file, err := choose(api.Version{Providers: test.providers}, test.want, "amd64")
		got := target.Provider + "/" + target.Architecture
		if err != nil {
			got = registry.Kinds[registry.KindOf(err)].Code
		} else if file.FileName != got && file.FileName != target.Provider+"/*"+target.Architecture {
			t.Errorf("%s: file %s for %s", name, file.FileName, got)
		}
		if got != test.chosen {
			t.Errorf("%s: %s (%v), want %s", name, got, err, test.chosen)
		}
	}
}
