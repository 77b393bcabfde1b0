package catalog

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"time"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// events are what a write changes, told to who asks for it: each is written with the change, into
// the audit log and onto the janitor's list, which tells it on.
type events []registry.Event

// unheard is for writes that change nothing anybody but the registry itself knows of.
var unheard events

// auditLife is how long the audit log goes back.
const auditLife = 400 * 24 * time.Hour

func (c *Catalog) record(ctx context.Context, list events) (ops []itemstore.Op) {
	ids := make([]registry.ID, len(list))
	for i := range ids {
		ids[i] = registry.NewID()
	}
	slices.Sort(ids) // what happened at once has an order in the log
	for i, e := range list {
		e.ID, e.At, e.By = ids[i], c.Now(), registry.AuthorOf(ctx)
		keys := []itemstore.Key{auditMonthKey(e)}
		if e.OrganizationID != 0 {
			keys = append(keys, auditKey(e.OrganizationID, e))
		}
		for _, key := range keys {
			it := item(key, e)
			it.Expires = e.At.Add(auditLife)
			ops = append(ops, itemstore.Put(it, itemstore.Condition{}))
		}
		ops = append(ops, c.due(Due{Kind: DueEvent, Event: &e}, e.At))
	}
	return ops
}

func organizationEvent(what registry.EventType, o registry.Organization) registry.Event {
	return registry.Event{
		Type: what, OrganizationID: o.ID, Organization: o.Name, Home: o.Home,
		Data: map[string]any{"organization": o.Name, "organizationId": o.ID},
	}
}

func memberEvent(what registry.EventType, o registry.Organization, account registry.ID, username string, role registry.Role) registry.Event {
	return with(organizationEvent(what, o), map[string]any{
		"userId": account, "username": username, "role": role.String(),
	})
}

func accountEvent(what registry.EventType, a registry.Account) registry.Event {
	return registry.Event{Type: what, Data: map[string]any{"userId": a.ID, "username": a.Username}}
}

func boxEvent(what registry.EventType, b registry.Box) registry.Event {
	return registry.Event{
		Type: what, OrganizationID: b.OrganizationID, Organization: b.Organization,
		Home: b.Place, Box: b.Ref(),
		Data: map[string]any{
			"organization": b.Organization, "organizationId": b.OrganizationID,
			"box": b.Name, "boxId": b.ID, "isPublic": b.Public, "published": !b.Unpublished,
		},
	}
}

func versionEvent(what registry.EventType, b registry.Box, v registry.Version) registry.Event {
	e := with(boxEvent(what, b), map[string]any{"version": v.Number, "versionId": v.ID, "status": v.Status})
	if v.Deprecated {
		e.Data["deprecationReason"] = v.DeprecationReason
	}
	return e
}

// with adds to an event's data.
func with(e registry.Event, more map[string]any) registry.Event {
	maps.Copy(e.Data, more)
	return e
}

// Audit lists events of an organization, the newest first, at most limit of them before the place
// `before`. next is the `before` of the following page, empty on the last one.
func (c *Catalog) Audit(ctx context.Context, organization registry.ID, before string, limit int) (list []registry.Event, next string, err error) {
	return c.audit(ctx, "audit#"+organization.String(), before, limit)
}

// AuditOfAll is Audit over the whole platform. Its pages end with the months, so that one may be
// empty and still have a next.
func (c *Catalog) AuditOfAll(ctx context.Context, before string, limit int) (list []registry.Event, next string, err error) {
	at := c.Now()
	if pageMark.MatchString(before) {
		at, _ = time.Parse(auditLayout, before[:len(auditLayout)])
	}
	for len(list) == 0 && next == "" && c.Now().Sub(at) < auditLife {
		if list, next, err = c.audit(ctx, "audit#"+month(at), before, limit); err != nil || next != "" {
			return list, next, err
		}
		first := time.Date(at.UTC().Year(), at.UTC().Month(), 1, 0, 0, 0, 0, time.UTC)
		at, before = first.Add(-time.Millisecond), auditTime(first)
	}
	if c.Now().Sub(at) < auditLife {
		next = before
	}
	return list, next, err
}

// pageMark is what the audit log's pages begin before.
var pageMark = regexp.MustCompile(`^\d{8}T\d{6}\.\d{6}Z(#\d{1,16})?$`)

func (c *Catalog) audit(ctx context.Context, partition, before string, limit int) ([]registry.Event, string, error) {
	if before != "" && !pageMark.MatchString(before) {
		return nil, "", registry.Wrong("after", "is not what a page was followed by")
	}
	page, err := c.Store.Query(ctx, itemstore.Query{Partition: partition, After: before, Limit: limit, Reverse: true})
	if err != nil {
		return nil, "", err
	}
	list, err := readAll[registry.Event](page.Items)
	return list, page.Next, err
}
