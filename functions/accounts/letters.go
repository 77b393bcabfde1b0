package accounts

import (
	"context"
	"time"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// letter is a kind of letter with what its link is good for, and how long.
type letter struct {
	kind    registry.LetterKind
	purpose registry.Purpose
	life    time.Duration
}

// mailAddress sends a letter to the owner of an address. It does the same work when it is nobody's, or
// that of an account that is not meant: the ticket is then nobody's as well, and so the letter is not
// sent in the end.
func (s *Service) mailAddress(ctx context.Context, address string, l letter, meant func(registry.Account) bool) error {
	if !s.Mail.On {
		return noMail()
	}
	if err := registry.CheckEmail(address); err != nil {
		return registry.Wrong("email", err.Error())
	}
	a, asked, err := s.Catalog.AskedFor(ctx, address)
	if err != nil || asked.Enough() {
		return err
	}
	if a.ID == 0 || !meant(a) {
		a = registry.Account{Email: address}
	}
	// To the address as its owner has spelled it: another that folds to the same may be somebody else's.
	return s.mail(ctx, asked, a, a.Email, l)
}

func (s *Service) mail(ctx context.Context, asked catalog.Asked, a registry.Account, to string, l letter, more ...catalog.Mailed) error {
	t := registry.NewTicket(l.purpose, a.ID, to, s.Now(), l.life)
	m, err := s.Tokens.Mailed(ctx, registry.Letter{Kind: l.kind, To: to, Username: a.Username, Ticket: &t})
	if err != nil {
		return err
	}
	return s.Catalog.Mail(ctx, asked, append(more, m)...)
}

func noMail() error {
	return registry.Errorf(registry.Conflict, "this registry sends no mail: ask its administrator")
}

func tooManyLetters(asked catalog.Asked, now time.Time) error {
	return registry.Errorf(registry.RateLimited, "enough letters were sent; try again later").
		After(asked.Since.Add(registry.LettersLife).Sub(now))
}
