package auth

import (
	"context"

	"github.com/boxvault/boxvault/shared/registry"
)

// Boxes lists the boxes of an organization that the caller may see, by name, at most limit of them behind
// the name `after`. next is the `after` of the following page, empty on the last one. An organization in
// which the caller may see nothing does not exist; one that has another name now is Renamed, with the list.
func (g Gate) Boxes(ctx context.Context, caller registry.Caller, organization, after string, limit int) (o registry.Organization, list []registry.Box, next string, err error) {
	o, role, renamed := g.View(ctx, caller, organization)
	if renamed != nil && registry.KindOf(renamed) != registry.Renamed {
		return o, nil, "", renamed
	}
	member := role != registry.RoleNone
	if list, next, err = g.fill(ctx, o, after, limit, member); err != nil {
		return o, nil, "", err
	}
	if !member && len(list) == 0 {
		if err := g.shows(ctx, o); err != nil {
			return o, nil, "", err
		}
	}
	return o, list, next, renamed
}

// shows is NotFound for an organization that has nothing public on any page: to strangers there is none
// of that name, nor was there ever.
func (g Gate) shows(ctx context.Context, o registry.Organization) error {
	list, _, err := g.fill(ctx, o, "", mostRead, false)
	if err == nil && len(list) == 0 {
		err = registry.Missing("organization")
	}
	return err
}

// How many boxes are read at once at the most and, once it has shown that the caller may not see all of
// them, at the least.
const (
	mostRead  = 1000
	leastRead = 100
)

// fill reads on until the page is full or the list is at its end.
func (g Gate) fill(ctx context.Context, o registry.Organization, after string, limit int, member bool) (page []registry.Box, next string, err error) {
	for read := limit; ; read = max(limit-len(page), leastRead) {
		list, end, err := g.Catalog.Boxes(ctx, o, after, read)
		if err != nil {
			return nil, "", err
		}
		for i, b := range list {
			if after = end; i+1 < len(list) {
				after = registry.Fold(b.Name)
			}
			if member || b.Open() {
				page = append(page, b)
			}
			if len(page) == limit {
				return page, after, nil
			}
		}
		if after = end; end == "" {
			return page, "", nil
		}
	}
}
