package registry

import (
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Webhook is a wish to be told of events, by a signed POST to a URL.
type Webhook struct {
	ID  ID     `json:"id"`
	URL string `json:"url"`
	// Secret signs what is sent, so it is kept as it is; it is never shown again.
	Secret string `json:"secret"`
	// Events are the types to be told of; AllEvents stands for every one.
	Events []EventType `json:"events"`
	// OrganizationID and Home are the organization whose events are told; 0 and empty for a
	// platform admin's webhook, which hears of everything. Organization is its name when the
	// record is read.
	OrganizationID ID        `json:"organizationId,omitempty"`
	Home           string    `json:"home,omitempty"`
	Organization   string    `json:"-"`
	Active         bool      `json:"active"`
	Description    string    `json:"description,omitempty"`
	CreatedAt      time.Time `json:"createdAt"`
	UpdatedAt      time.Time `json:"updatedAt"`

	Revision
}

// Matches reports whether the webhook is to be told of an event.
func (w Webhook) Matches(e Event) bool {
	hears := w.OrganizationID == 0 || w.OrganizationID == e.OrganizationID
	return w.Active && hears && (slices.Contains(w.Events, AllEvents) || slices.Contains(w.Events, e.Type))
}

// AllEvents stands for every type of event in a webhook's list.
const AllEvents EventType = "*"

// WebhookPinged is an event that did not happen: one webhook is told of it, to see that it works,
// whatever its list has.
const WebhookPinged EventType = "webhook.pinged"

// eventTypes are all types, in the order of their names.
var eventTypes = []EventType{
	BoxCreated, BoxDeleted, BoxDeprecated, BoxReleased, BoxRenamed, BoxRevoked, BoxUpdated, BoxUploaded, BoxesDeleted,
	CertificateReplaced, FileDeleted,
	InvitationAccepted, InvitationCreated, InvitationWithdrawn,
	JoinRequestApproved, JoinRequestCancelled, JoinRequested, JoinRequestDenied,
	MemberAdded, MemberRemoved, MemberRoleChanged,
	OrganizationCreated, OrganizationDeleted, OrganizationRenamed, OrganizationResumed, OrganizationSuspended, OrganizationUpdated,
	ServiceAccountCreated, ServiceAccountDeleted, SettingsChanged,
	UserCreated, UserDeleted, UserEmailChanged, UserPasswordChanged, UserResumed, UserSignedOut, UserSuspended, UserUpdated, UserVerified,
	VersionCreated, VersionDeleted, VersionUpdated, VersionsDeleted,
	WebhookCreated, WebhookDeleted, WebhookUpdated,
}

// ParseEvents reads the list of a webhook's events; a name given twice counts once. The error
// says which names there are.
func ParseEvents(names []string) ([]EventType, error) {
	var events []EventType
	for _, name := range names {
		e := EventType(name)
		if e != AllEvents && !slices.Contains(eventTypes, e) {
			return nil, errors.New("has a name that is no event; events are " + knownEvents())
		}
		if !slices.Contains(events, e) {
			events = append(events, e)
		}
	}
	if len(events) == 0 {
		return nil, errors.New("must name at least one event of " + knownEvents())
	}
	return events, nil
}

func knownEvents() string {
	list := []string{string(AllEvents)}
	for _, e := range eventTypes {
		list = append(list, string(e))
	}
	return strings.Join(list, ", ")
}

// CheckWebhookSecret says what is wrong with a secret that a client chose. It must survive being
// put into an environment variable or a form at the receiver.
func CheckWebhookSecret(secret string) error {
	if len(secret) < 8 || len(secret) > 256 {
		return errors.New("must have 8 to 256 characters")
	}
	if strings.ContainsFunc(secret, unicode.IsControl) {
		return errors.New("must not contain control characters")
	}
	return nil
}

// NewWebhookSecret makes a secret for a client that gave none: 26 letters and digits, 128 bits.
func NewWebhookSecret() string { return rand.Text() }
