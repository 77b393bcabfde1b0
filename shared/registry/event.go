package registry

import (
	"context"
	"time"
)

// Event is a change that was made, as the audit log keeps it and webhooks tell it. It is written
// with the change itself: there is none without the other.
type Event struct {
	ID   ID        `json:"id"`
	Type EventType `json:"type"`
	At   time.Time `json:"at"`
	By   Author    `json:"by"`
	// OrganizationID is the organization whose members may know of it; 0 is for platform admins
	// alone. Organization is its name at that time.
	OrganizationID ID     `json:"organizationId,omitempty"`
	Organization   string `json:"organization,omitempty"`
	// Data says what was changed, in the words of the API. Never a secret.
	Data map[string]any `json:"data"`
	// Home is where the organization is kept, and Box what finds the box that it is about; ID 0 for
	// none. They are for the registry itself and not told to clients.
	Home string `json:"home,omitempty"`
	Box  BoxRef `json:"box,omitzero"`

	Revision
}

// EventType names what happened: a noun and what became of it.
type EventType string

// The events.
const (
	UserCreated         EventType = "user.created"
	UserUpdated         EventType = "user.updated"
	UserVerified        EventType = "user.verified"
	UserPasswordChanged EventType = "user.password_changed"
	UserEmailChanged    EventType = "user.email_changed"
	UserSignedOut       EventType = "user.signed_out" // of every session
	UserSuspended       EventType = "user.suspended"
	UserResumed         EventType = "user.resumed"
	UserDeleted         EventType = "user.deleted"

	OrganizationCreated   EventType = "organization.created"
	OrganizationUpdated   EventType = "organization.updated"
	OrganizationRenamed   EventType = "organization.renamed"
	OrganizationSuspended EventType = "organization.suspended"
	OrganizationResumed   EventType = "organization.resumed"
	OrganizationDeleted   EventType = "organization.deleted"

	MemberAdded       EventType = "member.added"
	MemberRoleChanged EventType = "member.role_changed"
	MemberRemoved     EventType = "member.removed"

	InvitationCreated   EventType = "invitation.created"
	InvitationAccepted  EventType = "invitation.accepted"
	InvitationWithdrawn EventType = "invitation.withdrawn"

	JoinRequested        EventType = "join_request.created"
	JoinRequestApproved  EventType = "join_request.approved"
	JoinRequestDenied    EventType = "join_request.denied"
	JoinRequestCancelled EventType = "join_request.cancelled"

	ServiceAccountCreated EventType = "service_account.created"
	ServiceAccountDeleted EventType = "service_account.deleted"

	BoxCreated    EventType = "box.created"
	BoxUpdated    EventType = "box.updated"
	BoxRenamed    EventType = "box.renamed"
	BoxDeleted    EventType = "box.deleted"
	BoxUploaded   EventType = "box.uploaded" // a file was stored and verified
	BoxReleased   EventType = "box.released" // a version can be seen from now on
	BoxRevoked    EventType = "box.revoked"
	BoxDeprecated EventType = "box.deprecated"
	// All at once: box.deleted and version.deleted follow, one for each.
	BoxesDeleted    EventType = "boxes.deleted"
	VersionsDeleted EventType = "versions.deleted"

	VersionCreated EventType = "version.created"
	VersionUpdated EventType = "version.updated"
	VersionDeleted EventType = "version.deleted"
	FileDeleted    EventType = "file.deleted"

	WebhookCreated EventType = "webhook.created"
	WebhookUpdated EventType = "webhook.updated"
	WebhookDeleted EventType = "webhook.deleted"

	SettingsChanged     EventType = "settings.changed"
	CertificateReplaced EventType = "certificate.replaced"
)

// Author is who made a change, and from where.
type Author struct {
	Account  ID     `json:"account,omitempty"`
	Username string `json:"username,omitempty"`
	// ServiceAccount is set when a program made the change.
	ServiceAccount ID `json:"serviceAccount,omitempty"`
	// Address is the network address of the client, without a port.
	Address string `json:"address,omitempty"`
	// Request is the id of the request, as it stands in the log.
	Request string `json:"request,omitempty"`
}

// About returns the account that an event of the log or of the janitor's list is about; 0 when it is
// about none.
func (e Event) About() ID {
	id, _ := e.Data["userId"].(float64) // as JSON has numbers; ids are small enough for that
	return ID(id)
}

type authorKey struct{}

// WithAuthor returns a context in which changes are made by the author.
func WithAuthor(ctx context.Context, a Author) context.Context {
	return context.WithValue(ctx, authorKey{}, a)
}

// AuthorOf returns who makes changes in the context; the zero value is the registry itself.
func AuthorOf(ctx context.Context) Author {
	a, _ := ctx.Value(authorKey{}).(Author)
	return a
}
