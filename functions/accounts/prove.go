package accounts

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// errWrong is a password that is not the account's.
var errWrong = errors.New("a wrong password")

// orElse is err, or what a wrong password is told as where it was asked for.
func orElse(err, told error) error {
	if err == errWrong {
		return told
	}
	return err
}

// try holds a password against an account's; the zero account has none. Wrong ones are counted, and
// after a few of them the next has to wait.
func (s *Service) try(ctx context.Context, t catalog.Tries, a registry.Account, password string) error {
	if wait := t.Wait(s.Now()); wait > 0 {
		return registry.Errorf(registry.RateLimited, "too many wrong passwords; try again in %s", wait.Round(time.Second)).After(wait)
	}
	ok, err := s.Passwords.Check(ctx, a.PasswordHash, password)
	switch {
	case err != nil:
		return err
	case !ok:
		return cmp.Or(s.Catalog.Failed(ctx, t), errWrong)
	case t.Count > 0:
		return s.Catalog.Forgive(ctx, t)
	}
	return nil
}

// prove asks the caller for the password of the own account, in a field of the request. Platform
// admins are not asked for that of others.
func (s *Service) prove(ctx context.Context, caller registry.Caller, a registry.Account, t catalog.Tries, field, password string) error {
	if caller.Account != a.ID {
		return nil
	}
	if password == "" {
		return registry.Wrong(field, "must be your password")
	}
	return orElse(s.try(ctx, t, a, password), registry.Wrong(field, "is not your password"))
}

// mayManage lets people at their own account, and platform admins at all.
func mayManage(caller registry.Caller, id int64) error {
	if caller.Admin || registry.ID(id) == caller.Account {
		return nil
	}
	return registry.Denied("admin", "user")
}

// mayAdminister lets platform admins pass.
func mayAdminister(caller registry.Caller) error {
	if caller.Admin {
		return nil
	}
	return registry.Denied("admin", "user")
}

// OfAccount is a request about an account.
type OfAccount struct {
	ID int64 `path:"id" json:"-"`
}
