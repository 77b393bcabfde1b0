package core

import (
	"github.com/boxvault/boxvault/shared/janitor"
	"github.com/boxvault/boxvault/shared/mail"
)

// Mail is how the registry writes to people. The zero value is: not at all.
type Mail struct {
	// On tells that letters are sent, by this process or by another one.
	On bool
	// Verify has people prove their e-mail address before they sign in. It goes with On only.
	Verify bool
	// Sender sends a message at once; nil where this process sends none.
	Sender mail.Sender
	// Letters sends what is on the janitor's list (post.Office); nil drops it.
	Letters janitor.Work
	// Private lets platform admins try mail servers at private addresses.
	Private bool
}
