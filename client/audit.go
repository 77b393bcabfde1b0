package client

import (
	"context"
	"iter"

	"github.com/boxvault/boxvault/shared/api"
)

// Audit goes through the changes in an organization, or on the whole platform when it is empty, the
// newest first, fetching page by page. After an error there are no more.
func (c *Client) Audit(ctx context.Context, organization string) iter.Seq2[api.AuditEntry, error] {
	if organization == "" {
		return pages[api.AuditEntry](ctx, c, get("/api/admin/audit"))
	}
	return pages[api.AuditEntry](ctx, c, get(organizationPath(organization)+"/audit"))
}
