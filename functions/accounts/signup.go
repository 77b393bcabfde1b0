package accounts

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
)

// SignUpRequest is a wish for an account.
type SignUpRequest struct {
	api.SignUp
}

// SignUp makes an account. The first one is always let in, and becomes platform admin.
func (s *Service) SignUp(ctx context.Context, _ registry.Caller, req SignUpRequest) (api.Done, error) {
	if err := checkSignUp(req.SignUp); err != nil {
		return api.Done{}, err
	}
	invited, config, err := s.mayJoin(ctx, req.SignUp)
	if err != nil {
		return api.Done{}, err
	}
	hash, err := s.Passwords.Hash(ctx, req.Password)
	if err != nil {
		return api.Done{}, err
	}
	now := s.Now()
	account := registry.Account{
		ID: registry.NewID(), Username: req.Username, Email: req.Email, Name: req.Name,
		PasswordHash: hash, CreatedAt: now, UpdatedAt: now,
	}
	account, memberships, err := s.create(ctx, account, req.SignUp, invited)
	if err != nil {
		return api.Done{}, err
	}
	done := api.OK("User registered successfully! " + s.nextStep(account, config))
	done.Data = api.FromAccount(account, memberships)
	return done, nil
}

// welcome is the letter by which a new account proves its address.
func (s *Service) welcome(ctx context.Context, a registry.Account) ([]catalog.Mailed, error) {
	if !s.Mail.On {
		return nil, nil
	}
	t := registry.NewTicket(registry.PurposeVerify, a.ID, a.Email, s.Now(), registry.VerifyLife)
	m, err := s.Tokens.Mailed(ctx, registry.Letter{Kind: registry.LetterVerify, To: a.Email, Username: a.Username, Ticket: &t})
	return []catalog.Mailed{m}, err
}

func (s *Service) nextStep(a registry.Account, c registry.Config) string {
	if s.unproven(a, c) {
		return "Open the link in the letter that was sent to " + a.Email + ", then sign in at /api/auth/signin."
	}
	return "Sign in at /api/auth/signin."
}

// maxDisplayName is the most characters of a display name.
const maxDisplayName = 255

func checkSignUp(in api.SignUp) error {
	var wrong registry.Fields
	wrong.Check("username", registry.CheckName(in.Username))
	wrong.Check("email", registry.CheckEmail(in.Email))
	wrong.Check("password", registry.CheckPassword(in.Password))
	wrong.Check("name", registry.CheckText(in.Name, maxDisplayName))
	return wrong.Err()
}

// mayJoin holds a stranger against the sign-up setting, which invitations go before. It returns the
// invitation, nil when none was shown, and else the settings.
func (s *Service) mayJoin(ctx context.Context, in api.SignUp) (*catalog.Invited, registry.Config, error) {
	if in.InvitationToken != "" {
		invited, err := s.invitation(ctx, in)
		return invited, registry.Config{}, err
	}
	setup, err := s.Catalog.Setup(ctx)
	if err != nil || !setup.Complete || s.Signup.In(setup.Config) == auth.SignupOpen {
		return nil, setup.Config, err
	}
	return nil, setup.Config, registry.Errorf(registry.Forbidden, "sign-up is by invitation: ask an owner of your organization for one")
}
