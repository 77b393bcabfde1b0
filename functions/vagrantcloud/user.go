package vagrantcloud

import (
	"context"

	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
	wire "github.com/boxvault/boxvault/shared/vagrantcloud"
)

// UserRequest names an organization or a person.
type UserRequest struct {
	Organization string         `path:"organization" json:"-"`
	In           route.Incoming `json:"-"`
}

// ReadUser lists all boxes of an organization that the caller may see, without their versions: every
// command of `vagrant cloud` begins here. A person has no boxes, and is told to nobody else.
func (s *Service) ReadUser(ctx context.Context, caller registry.Caller, req UserRequest) (wire.User, error) {
	told := wire.User{Username: req.Organization, Boxes: []wire.Box{}}
	o, role, renamed := s.Gate.View(ctx, caller, req.Organization)
	if registry.KindOf(renamed) == registry.NotFound && caller.Known() && registry.SameName(caller.Username, req.Organization) {
		return told, nil
	}
	if renamed != nil && registry.KindOf(renamed) != registry.Renamed {
		return told, userMissing(renamed)
	}
	told.Username = o.Name
	if role != registry.RoleNone {
		told.ProfileMarkdown, told.ProfileHTML = o.Description, paragraph(o.Description)
	}
	t := s.teller(req.In)
	for after, more := "", true; more; more = after != "" {
		var list []registry.Box
		var err error
		if list, after, err = s.Catalog.Boxes(ctx, o, after, boxesAtOnce); err != nil {
			return told, err
		}
		boxes, err := s.listed(ctx, t, list, role)
		if err != nil {
			return told, err
		}
		told.Boxes = append(told.Boxes, boxes...)
	}
	if len(told.Boxes) == 0 && role == registry.RoleNone { // as if there were no such organization
		return told, registry.Missing("user")
	}
	return told, renamed
}

const boxesAtOnce = 1000

func userMissing(err error) error {
	if registry.KindOf(err) == registry.NotFound {
		return registry.Missing("user")
	}
	return err
}

// listed tells about those boxes that a role may see.
func (s *Service) listed(ctx context.Context, t teller, all []registry.Box, role registry.Role) (list []wire.Box, err error) {
	boxes := all[:0:0]
	for _, b := range all {
		if b.Open() || role != registry.RoleNone {
			boxes = append(boxes, b)
		}
	}
	entries, err := s.Catalog.Entries(ctx, boxes)
	for i := range entries {
		list = append(list, t.entry(boxes[i], entries[i]))
	}
	return list, err
}
