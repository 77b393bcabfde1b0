package post

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/boxvault/boxvault/shared/mail"
	"github.com/boxvault/boxvault/shared/mail/letters"
	"github.com/boxvault/boxvault/shared/registry"
)

// write makes a message of a letter.
func (o Office) write(ctx context.Context, l registry.Letter) (mail.Message, error) {
	token := ""
	if l.Ticket != nil {
		var err error
		if token, err = o.Tokens.Ticket(ctx, *l.Ticket); err != nil {
			return mail.Message{}, err
		}
	}
	written, ok := forms[l.Kind]
	if !ok {
		return mail.Message{}, &mail.Error{Reason: mail.Invalid, Said: fmt.Sprintf("there is no letter %q", l.Kind), Permanent: true}
	}
	head := letters.Head{To: l.To, Name: l.Username, Registry: o.URL}
	return written(l, head, o.URL, token).Message()
}

// forms are the letters of each kind. Base is the registry's URL.
var forms = map[registry.LetterKind]func(l registry.Letter, head letters.Head, base, token string) letters.Letter{
	registry.LetterVerify: func(l registry.Letter, head letters.Head, base, token string) letters.Letter {
		return letters.VerifyEmail{Head: head, Link: base + "/ui/verify-mail?token=" + token, Expires: expiry(l)}
	},
	registry.LetterReset: func(l registry.Letter, head letters.Head, base, token string) letters.Letter {
		return letters.ResetPassword{Head: head, Link: base + "/ui/reset-password?token=" + token, Expires: expiry(l)}
	},
	registry.LetterChangeEmail: func(l registry.Letter, head letters.Head, base, token string) letters.Letter {
		return letters.ChangeEmail{Head: head, Link: base + "/ui/change-email?token=" + token, Expires: expiry(l)}
	},
	registry.LetterInvitation: func(l registry.Letter, head letters.Head, base, token string) letters.Letter {
		link := base + "/register?token=" + token + "&organization=" + url.QueryEscape(l.Organization)
		return letters.Invitation{Head: head, Organization: l.Organization, By: l.By, Role: l.Role.String(), Link: link, Expires: expiry(l)}
	},
	registry.LetterEmailChanged: func(l registry.Letter, head letters.Head, _, _ string) letters.Letter {
		return letters.ChangeEmailNotice{Head: head, NewEmail: l.Text}
	},
	registry.LetterPasswordChanged: func(l registry.Letter, head letters.Head, _, _ string) letters.Letter {
		return letters.PasswordChanged{Head: head, At: l.At}
	},
	registry.LetterJoinRequested: func(l registry.Letter, head letters.Head, base, _ string) letters.Letter {
		return letters.JoinRequested{Head: head, Organization: l.Organization, By: l.By, Link: home(base, l)}
	},
	registry.LetterJoinApproved: func(l registry.Letter, head letters.Head, base, _ string) letters.Letter {
		return letters.JoinApproved{Head: head, Organization: l.Organization, Role: l.Role.String(), Link: home(base, l)}
	},
	registry.LetterJoinDenied: func(l registry.Letter, head letters.Head, _, _ string) letters.Letter {
		return letters.JoinDenied{Head: head, Organization: l.Organization}
	},
	registry.LetterReleased: func(l registry.Letter, head letters.Head, base, _ string) letters.Letter {
		return letters.Released{Head: head, Box: l.Box, Version: string(l.Version), Link: base + "/" + l.Box}
	},
	registry.LetterDeprecated: func(l registry.Letter, head letters.Head, base, _ string) letters.Letter {
		return letters.Deprecated{Head: head, Box: l.Box, Version: string(l.Version), Reason: l.Text, Link: base + "/" + l.Box}
	},
	registry.LetterTest: func(_ registry.Letter, head letters.Head, _, _ string) letters.Letter {
		return letters.Test{Head: head}
	},
}

// expiry is when the letter's link ends; its ticket's end, where it has one.
func expiry(l registry.Letter) (at time.Time) {
	if l.Ticket != nil {
		at = l.Ticket.ExpiresAt
	}
	return at
}

// home is the page of the organization that a letter is about.
func home(base string, l registry.Letter) string {
	return base + "/ui/organizations/" + url.PathEscape(l.Organization)
}
