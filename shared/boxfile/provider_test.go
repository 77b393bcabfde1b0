package boxfile

import "testing"

func TestSameProvider(t *testing.T) {
	tests := []struct {
		declared, found string
		want            bool
	}{
		{"virtualbox", "virtualbox", true},
		{"VirtualBox", "virtualbox", true},
		{"virtualbox", "libvirt", false},
		{"", "virtualbox", false},
		{"vmware_desktop", "vmware_fusion", true},
		{"vmware_workstation", "vmware_desktop", true},
		{"vmware", "VMware_Desktop", true},
		{"vmware_desktop", "vmware_esxi", false}, // another plugin
		{"vmware_esxi", "vmware_esxi", true},
		{"virtualbox", "vmware", false},
	}
	for _, test := range tests {
		for _, got := range []bool{SameProvider(test.declared, test.found), SameProvider(test.found, test.declared)} {
			if got != test.want {
				t.Errorf("%q and %q: %v", test.declared, test.found, got)
			}
		}
	}
}
