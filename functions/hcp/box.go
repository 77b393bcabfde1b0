package hcp

import (
	"context"
	"strconv"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// Boxes is a page of boxes.
type Boxes struct {
	Boxes      []Box      `json:"boxes"`
	Pagination Pagination `json:"pagination"`
}

// ListBoxesRequest asks for boxes of a registry.
type ListBoxesRequest struct {
	Organization string `path:"organization" json:"-"`
	Expanded     bool   `query:"expanded" json:"-"`
	Page
	In route.Incoming
}

// ListBoxes lists boxes by name. Expanded, a page has 10 boxes at the most, with all that is in them.
func (s *Service) ListBoxes(ctx context.Context, caller registry.Caller, req ListBoxesRequest) (Boxes, error) {
	most := fullPage
	if req.Expanded {
		most = expandedPage
	}
	size, after, err := req.start(most)
	if err != nil {
		return Boxes{}, err
	}
	_, list, next, err := s.Gate.Boxes(ctx, caller, req.Organization, after, size)
	if err != nil {
		return Boxes{}, err
	}
	page := Boxes{Boxes: api.Each(list, fromBox)}
	if next != "" {
		page.Pagination = goesOn(next)
	}
	if req.Expanded {
		page.Boxes, err = s.expand(ctx, caller, list, req.In)
	}
	return page, err
}

// expand reads all that the caller may see in some boxes.
func (s *Service) expand(ctx context.Context, caller registry.Caller, list []registry.Box, in route.Incoming) ([]Box, error) {
	boxes := []Box{}
	for _, b := range list {
		tree, role, err := s.Gate.Tree(ctx, caller, b.Organization, b.Name)
		if registry.KindOf(err) == registry.NotFound { // it has gone meanwhile
			continue
		}
		if err != nil {
			return nil, err
		}
		box, err := s.grown(tree, role, in, true)
		if err != nil {
			return nil, err
		}
		boxes = append(boxes, box)
	}
	return boxes, nil
}

// grown tells about a box and what a role may see in it.
func (s *Service) grown(tree catalog.Tree, role registry.Role, in route.Incoming, expanded bool) (Box, error) {
	told := fromBox(tree.Box)
	list, err := visible(tree, role)
	told.summarize(tree.Box, list)
	if expanded {
		told.Versions = api.Each(list, s.teller(in, tree.Box, true).version)
	}
	return told, err
}

func (s *Service) teller(in route.Incoming, b registry.Box, expanded bool) teller {
	return teller{base: in.Base(s.URL), box: b, expanded: expanded}
}

// BoxAnswer has a box, and the operation that made it so.
type BoxAnswer struct {
	Box       Box        `json:"box"`
	Operation *Operation `json:"operation,omitempty"`
}

// BoxRequest names a box.
type BoxRequest struct{ api.BoxPath }

// ReadBoxRequest asks for a box.
type ReadBoxRequest struct {
	api.BoxPath
	Expanded bool `query:"expanded" json:"-"`
	In       route.Incoming
}

// ReadBox tells about a box.
func (s *Service) ReadBox(ctx context.Context, caller registry.Caller, req ReadBoxRequest) (BoxAnswer, error) {
	tree, role, err := s.Gate.Tree(ctx, caller, req.Organization, req.Box)
	if err != nil {
		return BoxAnswer{}, err
	}
	told, err := s.grown(tree, role, req.In, req.Expanded)
	if err != nil {
		return BoxAnswer{}, err
	}
	downloads, err := s.Catalog.DownloadTotal(ctx, tree.Box.ID)
	told.Downloads = strconv.FormatInt(downloads, 10)
	return BoxAnswer{Box: told}, err
}

// BoxInput makes or changes a box. What is left out stays as it is: a client whose language cannot tell
// false from nothing must not make a private box public by that.
type BoxInput struct {
	// Name is given when the box is made, and is no other later.
	Name             *string `json:"name,omitempty" schema:"name"`
	Description      *string `json:"description,omitempty" schema:"maxLength=4096"`
	ShortDescription *string `json:"short_description,omitempty" schema:"maxLength=255"`
	// IsPrivate is false for a new box that does not say.
	IsPrivate *bool `json:"is_private,omitempty"`
}

func (in BoxInput) apply(b *registry.Box) {
	api.Set(&b.Description, in.Description)
	api.Set(&b.ShortDescription, in.ShortDescription)
	if in.IsPrivate != nil {
		b.Public = !*in.IsPrivate
	}
}

// CreateBoxRequest is a wish for a box.
type CreateBoxRequest struct {
	Organization string `path:"organization" json:"-"`
	BoxInput
}

// CreateBox makes a box, which everyone may see unless it is private.
func (s *Service) CreateBox(ctx context.Context, caller registry.Caller, req CreateBoxRequest) (BoxAnswer, error) {
	b, err := s.Publish.CreateBox(ctx, caller, req.Organization, func(b *registry.Box) {
		b.Public = true
		api.Set(&b.Name, req.Name)
		req.apply(b)
	})
	told := fromBox(b)
	told.summarize(b, nil)
	return BoxAnswer{told, boxOperation(createBox, b, b.CreatedAt)}, err
}

// UpdateBoxRequest changes a box.
type UpdateBoxRequest struct {
	api.BoxPath
	BoxInput
}

// UpdateBox changes a box.
func (s *Service) UpdateBox(ctx context.Context, caller registry.Caller, req UpdateBoxRequest) (BoxAnswer, error) {
	if req.Name != nil && !registry.SameName(*req.Name, req.Box) {
		return BoxAnswer{}, registry.Wrong("name", "cannot be changed here: rename the box at /api/organization/ORG/box/BOX")
	}
	b, err := s.Publish.EditBox(ctx, caller, req.Organization, req.Box, req.apply)
	return BoxAnswer{fromBox(b), boxOperation(updateBox, b, s.Now())}, err
}

// OperationAnswer has an operation.
type OperationAnswer struct {
	Operation *Operation `json:"operation"`
}

// DeleteBox deletes a box with everything in it.
func (s *Service) DeleteBox(ctx context.Context, caller registry.Caller, req BoxRequest) (OperationAnswer, error) {
	b, err := s.Publish.DeleteBox(ctx, caller, req.Organization, req.Box)
	return OperationAnswer{boxOperation(deleteBox, b, s.Now())}, err
}
