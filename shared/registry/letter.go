package registry

import "time"

// Letter is a mail that is to be written. It holds no secret: what gives a right to its reader is
// worked out from the Ticket when the letter is sent.
type Letter struct {
	Kind LetterKind `json:"kind"`
	To   string     `json:"to"`
	// Username is who it is written to, By who caused it, Organization what it is about.
	Username     string `json:"username,omitempty"`
	By           string `json:"by,omitempty"`
	Organization string `json:"organization,omitempty"`
	// Text is what else it says: of LetterEmailChanged, the new address.
	Text string `json:"text,omitempty"`
	// Role is the role that it is about.
	Role Role `json:"role,omitempty"`
	// Box and Version tell what a watched box has.
	Box     string `json:"box,omitempty"`
	Version Number `json:"version,omitempty"`
	// Ticket is what the link in the letter stands for.
	Ticket *Ticket `json:"ticket,omitempty"`
	// At is when it was put on the janitor's list.
	At time.Time `json:"at"`
}

// LetterKind says what a letter is about.
type LetterKind string

// The letters.
const (
	LetterVerify          LetterKind = "verify"
	LetterReset           LetterKind = "reset"
	LetterInvitation      LetterKind = "invitation"
	LetterChangeEmail     LetterKind = "change-email"
	LetterEmailChanged    LetterKind = "email-changed"
	LetterPasswordChanged LetterKind = "password-changed"
	LetterJoinRequested   LetterKind = "join-requested"
	LetterJoinApproved    LetterKind = "join-approved"
	LetterJoinDenied      LetterKind = "join-denied"
	LetterReleased        LetterKind = "released"   // of a watched box; Text are the release notes
	LetterDeprecated      LetterKind = "deprecated" // of a watched box; Text is the reason
	LetterTest            LetterKind = "test"
)

// Ticket is a right that is good once and for a while, held by who got its token by mail. The token
// is made of purpose, ID and Salt with one of the registry's keys; its SHA-256 is what the ticket is found by.
type Ticket struct {
	ID      ID      `json:"id"`
	Purpose Purpose `json:"purpose"`
	// Key is the id of the key that the token is made with, Salt what nobody is told: who gets to know the key cannot
	// work out tokens that were sent already. Of a token that is random both are empty.
	Key     string `json:"key,omitempty"`
	Salt    string `json:"salt,omitempty"`
	Account ID     `json:"account,omitempty"`
	// Email is the address the token was sent to.
	Email string `json:"email"`
	// Home, OrganizationID and Role are what an invitation is to, By who made it.
	Home           string    `json:"home,omitempty"`
	OrganizationID ID        `json:"organizationId,omitempty"`
	Role           Role      `json:"role,omitempty"`
	By             string    `json:"by,omitempty"`
	CreatedAt      time.Time `json:"createdAt"`
	ExpiresAt      time.Time `json:"expiresAt"`

	Revision
}

// How long tickets are good. What takes over an account is so for a short time.
const (
	VerifyLife      = 24 * time.Hour
	ResetLife       = time.Hour
	ChangeEmailLife = 24 * time.Hour
)

// NewTicket makes a ticket for an account, for who reads mail to the address.
func NewTicket(purpose Purpose, account ID, email string, now time.Time, life time.Duration) Ticket {
	return Ticket{ID: NewID(), Purpose: purpose, Account: account, Email: email, CreatedAt: now, ExpiresAt: now.Add(life)}
}

// Purpose is what a ticket is good for.
type Purpose string

// The purposes.
const (
	PurposeVerify      Purpose = "verify"
	PurposeReset       Purpose = "reset"
	PurposeInvite      Purpose = "invite"      // by letter alone: who has the token reads mail to the address
	PurposeInviteLink  Purpose = "invite-link" // shown to who invites, who may pass it on: proves no address
	PurposeChangeEmail Purpose = "change-email"
)
