// Package letters has the letters that the registry writes. Their words are in templates, one file
// for each; text and HTML are made from the same words.
package letters

import (
	"time"

	"github.com/boxvault/boxvault/shared/mail"
)

// Letter is any of the letters here.
type Letter interface {
	// Message writes the letter. Its error is about a link that is missing or none, and Permanent.
	// Whether it can be sent to whom it goes, the Sender says.
	Message() (mail.Message, error)
}

// Head is what every letter has.
type Head struct {
	To string // address of the reader
	// Name is the reader's username; may be empty. It is no free text, as none is in a letter that
	// goes to an address nobody has proven: strangers could write to anyone in our name.
	Name     string
	Registry string // URL of the registry
}

// VerifyEmail asks who signed up to prove the address.
type VerifyEmail struct {
	Head
	Link    string
	Expires time.Time
}

// Message writes the letter.
func (l VerifyEmail) Message() (mail.Message, error) {
	return write("verify-email", l.Head, l.Link, words{"Expires": moment(l.Expires)})
}

// ResetPassword is for who has forgotten the password.
type ResetPassword struct {
	Head
	Link    string
	Expires time.Time
}

// Message writes the letter.
func (l ResetPassword) Message() (mail.Message, error) {
	return write("reset-password", l.Head, l.Link, words{"Expires": moment(l.Expires)})
}

// Invitation invites somebody to an organization, who may have no account yet.
type Invitation struct {
	Head
	Organization string
	By           string // username of who invites
	Role         string
	Link         string
	Expires      time.Time
}

// Message writes the letter.
func (l Invitation) Message() (mail.Message, error) {
	return write("invitation", l.Head, l.Link, words{
		"Organization": l.Organization, "By": l.By, "Role": l.Role, "Expires": moment(l.Expires)})
}

// ChangeEmail goes to the new address of an account, to prove it.
type ChangeEmail struct {
	Head
	Link    string
	Expires time.Time
}

// Message writes the letter.
func (l ChangeEmail) Message() (mail.Message, error) {
	return write("change-email", l.Head, l.Link, words{"Expires": moment(l.Expires)})
}

// ChangeEmailNotice goes to the old address when ChangeEmail goes to the new one.
type ChangeEmailNotice struct {
	Head
	NewEmail string
}

// Message writes the letter.
func (l ChangeEmailNotice) Message() (mail.Message, error) {
	return write("change-email-notice", l.Head, "", words{"NewEmail": l.NewEmail})
}

// PasswordChanged tells of a new password.
type PasswordChanged struct {
	Head
	At time.Time
}

// Message writes the letter.
func (l PasswordChanged) Message() (mail.Message, error) {
	return write("password-changed", l.Head, "", words{"At": moment(l.At)})
}

// JoinRequested tells an admin of an organization that somebody asks to join.
type JoinRequested struct {
	Head
	Organization string
	By           string // username of who asks
	Link         string // where requests are approved
}

// Message writes the letter.
func (l JoinRequested) Message() (mail.Message, error) {
	return write("join-requested", l.Head, l.Link, words{"Organization": l.Organization, "By": l.By})
}

// JoinApproved tells who asked that they are a member.
type JoinApproved struct {
	Head
	Organization string
	Role         string
	Link         string // of the organization
}

// Message writes the letter.
func (l JoinApproved) Message() (mail.Message, error) {
	return write("join-approved", l.Head, l.Link, words{"Organization": l.Organization, "Role": l.Role})
}

// JoinDenied tells who asked that they are no member.
type JoinDenied struct {
	Head
	Organization string
}

// Message writes the letter.
func (l JoinDenied) Message() (mail.Message, error) {
	return write("join-denied", l.Head, "", words{"Organization": l.Organization})
}

// Released tells who watches a box of a new version.
type Released struct {
	Head
	Box     string // organization/name
	Version string
	Link    string // of the box
}

// Message writes the letter.
func (l Released) Message() (mail.Message, error) {
	return write("released", l.Head, l.Link, words{"Box": l.Box, "Version": l.Version})
}

// Deprecated tells who watches a box that a version is not to be used any more.
type Deprecated struct {
	Head
	Box     string // organization/name
	Version string
	Reason  string
	Link    string // of the box
}

// Message writes the letter.
func (l Deprecated) Message() (mail.Message, error) {
	return write("deprecated", l.Head, l.Link, words{"Box": l.Box, "Version": l.Version, "Reason": l.Reason})
}

// Test shows that mail can be sent.
type Test struct{ Head }

// Message writes the letter.
func (l Test) Message() (mail.Message, error) { return write("test", l.Head, "", words{}) }
