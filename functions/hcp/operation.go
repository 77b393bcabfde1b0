package hcp

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/boxvault/boxvault/shared/registry"
)

// What an operation does.
const (
	createBox      = "create-box"
	updateBox      = "update-box"
	deleteBox      = "delete-box"
	createRegistry = "create-registry"
	deleteRegistry = "delete-registry"
)

func boxOperation(verb string, b registry.Box, at time.Time) *Operation {
	return operation(verb, b.Organization, b.Name, "hashicorp.vagrant.box", at)
}

func registryOperation(verb string, o registry.Organization, at time.Time) *Operation {
	return operation(verb, o.Name, o.Name, "hashicorp.vagrant.registry", at)
}

// operation is one that is over. Its id says all about it, so that nothing is kept of it: whether it was,
// shows by what it did.
func operation(verb, organization, name, kind string, at time.Time) *Operation {
	at = at.UTC().Truncate(time.Millisecond)
	place := locationOf(organization)
	return &Operation{
		ID: verb + "." + strconv.FormatInt(at.UnixMilli(), 36) + "." + name, State: "DONE", Location: place,
		Link: Link{name, kind, place}, CreatedAt: at, UpdatedAt: at,
	}
}

// OperationRequest names an operation. The project is called as its organization is.
type OperationRequest struct {
	Organization string `path:"organization" json:"-"`
	Project      string `path:"project" json:"-"`
	ID           string `path:"id" json:"-"`
}

// ReadOperation tells members about an operation that was. Nobody has to wait for it.
func (s *Service) ReadOperation(ctx context.Context, caller registry.Caller, req OperationRequest) (OperationAnswer, error) {
	o, _, err := s.Gate.Organization(ctx, caller, req.Organization, registry.RoleMember)
	if err != nil {
		return OperationAnswer{}, err
	}
	verb, at, name, ok := req.parse()
	if !ok || !registry.SameName(req.Project, o.Name) || at.After(s.Now()) {
		return OperationAnswer{}, registry.Missing("operation")
	}
	if verb == createRegistry {
		return OperationAnswer{registryOperation(verb, o, at)}, happened(registry.SameName(name, o.Name) && sameTime(at, o.CreatedAt))
	}
	a, err := s.Gate.ReadBox(ctx, caller, o.Name, name, "")
	if err != nil && registry.KindOf(err) != registry.NotFound {
		return OperationAnswer{}, err
	}
	b, there := a.Box, err == nil
	told := OperationAnswer{boxOperation(verb, registry.Box{Organization: o.Name, Name: name}, at)}
	switch verb {
	case createBox:
		return told, happened(there && sameTime(at, b.CreatedAt))
	case updateBox:
		return told, happened(there && !at.Before(b.CreatedAt.Truncate(time.Millisecond)))
	default:
		return told, happened(verb == deleteBox && (!there || b.CreatedAt.UnixMilli() > at.UnixMilli()))
	}
}

func sameTime(a, b time.Time) bool { return a.UnixMilli() == b.UnixMilli() }

func happened(yes bool) error {
	if !yes {
		return registry.Missing("operation")
	}
	return nil
}

func (r OperationRequest) parse() (verb string, at time.Time, name string, ok bool) {
	parts := strings.SplitN(r.ID, ".", 3)
	if len(parts) != 3 || registry.CheckName(parts[2]) != nil {
		return "", at, "", false
	}
	ms, err := strconv.ParseInt(parts[1], 36, 64)
	return parts[0], time.UnixMilli(ms), parts[2], err == nil
}
