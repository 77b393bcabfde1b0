package accounts

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// TokenRequest brings the token of a letter.
type TokenRequest struct {
	Token string `path:"token" json:"-"`
}

// ticketed reads the account that a ticket is for, as long as both go together. A token that is not
// good is told for the field it came in.
func (s *Service) ticketed(ctx context.Context, token string, purpose registry.Purpose, field string) (registry.Account, catalog.Used, error) {
	used := catalog.Used{Hash: auth.HashTicket(token)}
	var err error
	if used.Ticket, err = s.Catalog.Ticket(ctx, used.Hash, purpose); err != nil {
		return registry.Account{}, used, missingTicket(err, field)
	}
	a, err := s.Catalog.Account(ctx, used.Account)
	return a, used, missingTicket(err, field)
}

// missingTicket words what is not there any more as a token that is not good.
func missingTicket(err error, field string) error {
	if registry.KindOf(err) == registry.NotFound {
		return wrongTicket(field)
	}
	return err
}

func wrongTicket(field string) error {
	return registry.Wrong(field, "is not valid: it was used, has expired, or never was")
}

// VerifyMail proves an e-mail address.
func (s *Service) VerifyMail(ctx context.Context, _ registry.Caller, req TokenRequest) (api.Done, error) {
	a, used, err := s.ticketed(ctx, req.Token, registry.PurposeVerify, "token")
	if err == nil && !registry.SameName(a.Email, used.Email) { // it has another one since
		err = wrongTicket("token")
	}
	if err != nil {
		return api.Done{}, err
	}
	return api.OK("The e-mail address " + a.Email + " is proven."), s.Catalog.SetVerified(ctx, a, used)
}

// ResendRequest asks for another letter.
type ResendRequest struct {
	api.Address
}

// ResendVerification sends another letter: to who is signed in, or to the address that is named, by
// somebody who cannot sign in yet.
func (s *Service) ResendVerification(ctx context.Context, caller registry.Caller, req ResendRequest) (api.Done, error) {
	done := api.OK("If that is the address of an account and not proven yet, a letter is on its way.")
	if caller.Known() && caller.ServiceAccount == 0 && req.Email == "" {
		return done, s.resendOwn(ctx, caller)
	}
	return done, s.mailAddress(ctx, req.Email, letter{registry.LetterVerify, registry.PurposeVerify, registry.VerifyLife},
		func(a registry.Account) bool { return !a.Verified && !a.Suspended })
}

func (s *Service) resendOwn(ctx context.Context, caller registry.Caller) error {
	if !s.Mail.On {
		return noMail()
	}
	a, asked, err := s.Catalog.AskedBy(ctx, caller.Account)
	switch {
	case err != nil:
		return err
	case a.Verified:
		return registry.Errorf(registry.Invalid, "the e-mail address is proven already")
	case asked.Enough():
		return tooManyLetters(asked, s.Now())
	}
	return s.mail(ctx, asked, a, a.Email, letter{registry.LetterVerify, registry.PurposeVerify, registry.VerifyLife})
}
