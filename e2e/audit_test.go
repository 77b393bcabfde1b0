package e2e

import (
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/api"
)

// TestAuditLog is what an owner, and the platform's admin, learn of what was changed.
func TestAuditLog(t *testing.T) {
	t.Parallel()
	registry, root := withAdmin(t)
	root.organize(t)
	root.box(t, "debian", true)
	for _, path := range []string{"/api/organization/" + root.org + "/audit", "/api/admin/audit"} {
		list := read[[]api.AuditEntry](t, askJSON(t, "GET", registry+path, root.token, nil).want(t, 200))
		lines := askJSON(t, "GET", registry+path+".jsonl", root.token, nil).want(t, 200)
		if target.cloud != nil && path == "/api/admin/audit" { // where others go on meanwhile
			continue
		}
		if len(list) == 0 || list[0].Event != "box.created" || list[0].Actor.Username != root.name || list[0].Address != "127.0.0.1" {
			t.Errorf("%s begins with %+v", path, list)
		}
		if n := strings.Count(string(lines.body), "\n"); n != len(list) {
			t.Errorf("%s has %d lines, %d entries", path, n, len(list))
		}
	}
}
