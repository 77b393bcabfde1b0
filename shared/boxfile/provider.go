package boxfile

import "strings"

// vmware are the names of boxes that Vagrant's VMware plugin takes (box_format in plugin.rb of
// hashicorp/vagrant-vmware-desktop), and Packer's name for them.
var vmware = map[string]bool{
	"vmware_desktop":     true,
	"vmware_fusion":      true,
	"vmware_workstation": true,
	"vmware":             true,
}

// SameProvider reports whether a box that was declared for one provider and names another in its
// metadata.json is for the same virtualization: the names are equal but for case, or both are of
// VMware.
//
// Vagrant itself is stricter: `vagrant box add` refuses a box whose metadata.json does not have the
// very name it is listed under (BoxProviderDoesntMatch in box_collection.rb). Publish the box under
// the name that was found, or warn where declared != found.
func SameProvider(declared, found string) bool {
	if strings.EqualFold(declared, found) {
		return true
	}
	return vmware[strings.ToLower(declared)] && vmware[strings.ToLower(found)]
}
