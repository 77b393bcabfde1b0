package accounts

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// ChangeEmailRequest asks for another e-mail address.
type ChangeEmailRequest struct {
	OfAccount
	api.ChangeEmail
}

// ChangeEmail sends a letter to an address, which is the account's once the link in it was opened;
// the address before is told. Where no letters are sent it is the account's at once.
func (s *Service) ChangeEmail(ctx context.Context, caller registry.Caller, req ChangeEmailRequest) (api.Done, error) {
	if err := mayManage(caller, req.ID); err != nil {
		return api.Done{}, err
	}
	var wrong registry.Fields
	wrong.Check("newEmail", registry.CheckEmail(req.NewEmail))
	if req.Password == "" && caller.Account == registry.ID(req.ID) {
		wrong.Add("password", "must be your password")
	}
	if err := wrong.Err(); err != nil {
		return api.Done{}, err
	}
	a, tries, asked, err := s.Catalog.NewAddress(ctx, registry.ID(req.ID), req.NewEmail)
	if err != nil {
		return api.Done{}, err
	}
	if err := s.prove(ctx, caller, a, tries, "password", req.Password); err != nil {
		return api.Done{}, err
	}
	if !s.Mail.On {
		_, err = s.Catalog.SetEmail(ctx, a, req.NewEmail)
		return api.OK("The e-mail address is changed."), err
	}
	return api.OK("A letter is on its way to " + req.NewEmail + ". The address changes when the link in it is opened."),
		s.mailNewAddress(ctx, a, asked, req.NewEmail)
}

func (s *Service) mailNewAddress(ctx context.Context, a registry.Account, asked catalog.Asked, address string) error {
	if asked.Enough() {
		return tooManyLetters(asked, s.Now())
	}
	notice := registry.Letter{Kind: registry.LetterEmailChanged, To: a.Email, Username: a.Username, Text: address}
	return s.mail(ctx, asked, a, address,
		letter{registry.LetterChangeEmail, registry.PurposeChangeEmail, registry.ChangeEmailLife}, catalog.Mailed{Letter: notice})
}

// ConfirmEmail gives an account the address that a letter was sent to. Conflict when it has become
// somebody else's since.
func (s *Service) ConfirmEmail(ctx context.Context, _ registry.Caller, req TokenRequest) (api.Done, error) {
	a, used, err := s.ticketed(ctx, req.Token, registry.PurposeChangeEmail, "token")
	if err != nil {
		return api.Done{}, err
	}
	if a.Suspended {
		return api.Done{}, wrongTicket("token")
	}
	a, err = s.Catalog.SetEmail(ctx, a, used.Email, used)
	return api.OK("The e-mail address is " + a.Email + " from now on."), err
}
