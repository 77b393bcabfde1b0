package api

import (
	"time"

	"github.com/boxvault/boxvault/shared/registry"
)

// AuditEntry tells about a change: who made it, what it was, when, and from where.
type AuditEntry struct {
	ID        int64     `json:"id"`
	Event     string    `json:"event"`
	Timestamp time.Time `json:"timestamp"`
	// Actor is null when the registry made the change.
	Actor   *Actor `json:"actor"`
	Address string `json:"address"`   // network address of the client; empty when the registry did it
	Request string `json:"requestId"` // as in the log
	// Organization is null for what belongs to none.
	Organization   *string        `json:"organization"`
	OrganizationID int64          `json:"organizationId,omitempty"`
	Data           map[string]any `json:"data"`
}

// FromAudit tells about an entry of the audit log.
func FromAudit(e registry.Event) AuditEntry {
	told := FromEvent(e)
	return AuditEntry{
		ID: told.ID, Event: told.Event, Timestamp: told.Timestamp, Actor: told.Actor, Address: e.By.Address,
		Request: e.By.Request, Organization: told.Organization, OrganizationID: told.OrganizationID, Data: told.Data,
	}
}
