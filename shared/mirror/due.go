package mirror

import (
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// Due reports whether the upstream is to be asked before a request for a box is answered. The rest is
// what the gate said to the request. What somebody may not see looks as if it was not there, so the
// upstream is asked then as well.
func Due(tree catalog.Tree, role registry.Role, organization, box string, err error) bool {
	o := tree.Organization
	switch {
	case o.Mirror == nil:
		return false
	case registry.KindOf(err) == registry.NotFound:
		return registry.SameName(o.Name, organization) && o.Mirrors(box) && (role != registry.RoleNone || !o.Mirror.Private)
	case err != nil:
		return false
	}
	return tree.Box.Mirrored != "" && o.Mirrors(tree.Box.Mirrored) && !tree.Fresh()
}
