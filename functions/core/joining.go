package core

import (
	"context"

	"github.com/boxvault/boxvault/shared/registry"
)

// joining does what follows when somebody asks to join an organization, or has joined.
func (c Core) joining(ctx context.Context, e registry.Event) error {
	switch {
	case e.Type == registry.MemberAdded:
		return c.Catalog.EndFulfilled(ctx, e)
	case !c.Mail.On:
		return nil
	case e.Type == registry.JoinRequested:
		return c.Catalog.TellAdmins(ctx, e)
	case e.Type == registry.JoinRequestApproved:
		return c.Catalog.TellAsker(ctx, e, registry.LetterJoinApproved)
	case e.Type == registry.JoinRequestDenied:
		return c.Catalog.TellAsker(ctx, e, registry.LetterJoinDenied)
	}
	return nil
}
