package mirror

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/outbound"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// Named is a request about an organization.
type Named struct {
	Organization string `path:"organization" json:"-"`
}

// ReadMirror tells what an organization mirrors.
func (s *Service) ReadMirror(ctx context.Context, caller registry.Caller, req Named) (api.Mirror, error) {
	o, err := s.mirroring(ctx, caller, req.Organization)
	if err != nil {
		return api.Mirror{}, err
	}
	return api.FromMirror(o), nil
}

// SetRequest says what an organization is to mirror.
type SetRequest struct {
	Path string `path:"organization" json:"-"`
	api.MirrorInput
}

// SetMirror makes an organization a mirror. Boxes that are there already stay as they are.
func (s *Service) SetMirror(ctx context.Context, caller registry.Caller, req SetRequest) (api.Mirror, error) {
	o, _, err := s.Gate.Organization(ctx, caller, req.Path, registry.RoleAdmin)
	if err != nil {
		return api.Mirror{}, err
	}
	if s.Mirrors == nil {
		return api.Mirror{}, registry.Errorf(registry.Forbidden, "organizations are no mirrors here: ask who runs the registry (boxvault serve --mirrors)")
	}
	m := req.Mirror()
	var wrong registry.Fields
	wrong.Check("from", outbound.CheckURL(m.From, s.Mirrors.AllowPrivate))
	m.Check(&wrong)
	if err := wrong.Err(); err != nil {
		return api.Mirror{}, err
	}
	o, err = s.save(ctx, o, &m)
	if err != nil {
		return api.Mirror{}, err
	}
	return api.FromMirror(o), nil
}

// DeleteMirror has an organization mirror nothing any more. Files that were not fetched are led to where
// they are upstream.
func (s *Service) DeleteMirror(ctx context.Context, caller registry.Caller, req Named) (api.Done, error) {
	o, err := s.mirroring(ctx, caller, req.Organization)
	if err != nil {
		return api.Done{}, err
	}
	_, err = s.save(ctx, o, nil)
	return api.OK("The organization mirrors nothing any more."), err
}

// mirroring reads an organization that is a mirror, for who may change that.
func (s *Service) mirroring(ctx context.Context, caller registry.Caller, name string) (registry.Organization, error) {
	o, _, err := s.Gate.Organization(ctx, caller, name, registry.RoleAdmin)
	if err == nil && o.Mirror == nil {
		err = registry.Missing("mirror")
	}
	return o, err
}

func (s *Service) save(ctx context.Context, o registry.Organization, m *registry.Mirror) (registry.Organization, error) {
	if err := route.IfMatch(ctx, o.Revision); err != nil {
		return o, err
	}
	o.Mirror = m
	return o, s.Catalog.SaveOrganization(ctx, o, registry.OrganizationUpdated)
}
