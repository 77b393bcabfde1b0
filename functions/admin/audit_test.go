package admin_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
)

const acme = "/api/organization/acme"

// history makes changes and returns the token of the platform's admin.
func history(t *testing.T) (r *coretest.Registry, root, ada string) {
	t.Helper()
	r = coretest.Start(t)
	root, ada = r.Person(t, "root"), r.Person(t, "ada")
	r.Organization(t, ada, "acme")
	r.Member(t, ada, "acme", "bob", "member")
	box := r.Box(t, ada, "acme", "debian", false)
	r.Upload(t, ada, box+"/version/1.0.0/provider/virtualbox/architecture/amd64", coretest.BoxFile(t, "virtualbox", "x")).Want(t, 200)
	r.Do(t, "DELETE", box, ada, nil).Want(t, 200)
	return r, root, ada
}

func events(entries []api.AuditEntry) string {
	var list []string
	for _, e := range entries {
		list = append(list, e.Event)
	}
	return strings.Join(list, " ")
}

func TestEveryChangeIsWrittenDown(t *testing.T) {
	r, root, ada := history(t)
	own := embeddedtest.JSON[[]api.AuditEntry](t, r.Do(t, "GET", acme+"/audit", ada, nil).Want(t, 200))
	if got := events(own); got != "box.deleted box.released box.uploaded version.created box.created member.added organization.created" {
		t.Errorf("the organization's log is %s", got)
	}
	everything := embeddedtest.JSON[[]api.AuditEntry](t, r.Do(t, "GET", "/api/admin/audit", root, nil).Want(t, 200))
	for _, want := range []string{"user.created", "box.deleted", "member.added", "organization.created"} {
		if !strings.Contains(events(everything), want) {
			t.Errorf("the platform's log has no %s: %s", want, events(everything))
		}
	}
	deleted := own[0]
	if deleted.Actor == nil || deleted.Actor.Username != "ada" || deleted.Address != "127.0.0.1" || deleted.Request == "" ||
		deleted.Data["box"] != "debian" || *deleted.Organization != "acme" || deleted.Timestamp.IsZero() {
		t.Errorf("the entry is %+v", deleted)
	}
}

func TestWhoMayReadTheAuditLog(t *testing.T) {
	r, root, ada := history(t)
	admin, bob, mallory := r.Member(t, ada, "acme", "eve", "admin"), session(t, r, "bob"), r.Person(t, "mallory")
	for path, want := range map[string][5]int{
		acme + "/audit": {200, 200, 200, 403, 404}, "/api/admin/audit": {200, 403, 403, 403, 403},
	} {
		for i, token := range []string{root, ada, admin, bob, mallory} {
			for _, suffix := range []string{"", ".jsonl"} {
				if a := r.Do(t, "GET", path+suffix, token, nil); a.Status != want[i] {
					t.Errorf("%s%s by number %d: %d, want %d", path, suffix, i, a.Status, want[i])
				}
			}
		}
	}
}

func session(t *testing.T, r *coretest.Registry, username string) string {
	t.Helper()
	token, _, err := r.Core.Tokens.ForAccount(t.Context(), r.Account(t, username), true)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// Pages follow each other without a gap, over the end of a month, and line by line.
func TestTheAuditLogIsPaged(t *testing.T) {
	r, _, _ := history(t)
	now := r.Clock.Now()
	r.Clock.Advance(time.Date(now.Year(), now.Month()+1, 2, 0, 0, 0, 0, time.UTC).Sub(now))
	ada, root := session(t, r, "ada"), session(t, r, "root")
	r.Box(t, ada, "acme", "later", false)
	for path, token := range map[string]string{acme + "/audit": ada, "/api/admin/audit": root} {
		all := embeddedtest.JSON[[]api.AuditEntry](t, r.Do(t, "GET", path+"?limit=2", token, nil).Want(t, 200))
		whole := all
		for next := (r.Do(t, "GET", path+"?limit=2", token, nil)).Header.Get("Link"); next != ""; {
			target := strings.TrimPrefix(strings.SplitN(next, ">", 2)[0], "<")
			a := r.Do(t, "GET", target, token, nil).Want(t, http.StatusOK)
			whole = append(whole, embeddedtest.JSON[[]api.AuditEntry](t, a)...)
			next = a.Header.Get("Link")
		}
		seen := map[int64]bool{}
		for _, e := range whole {
			if seen[e.ID] {
				t.Errorf("%s: entry %d comes twice", path, e.ID)
			}
			seen[e.ID] = true
		}
		if got := events(whole); !strings.HasPrefix(got, "box.created box.deleted box.released box.uploaded version.created") || !strings.HasSuffix(got, "organization.created") && !strings.HasSuffix(got, "user.created") {
			t.Errorf("%s: the pages have %s", path, got)
		}
	}
	lines := bufio.NewScanner(bytes.NewReader(r.Do(t, "GET", acme+"/audit.jsonl?limit=1000", ada, nil).Want(t, 200).Body))
	n := 0
	for ; lines.Scan(); n++ {
		var e api.AuditEntry
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil || e.Event == "" {
			t.Errorf("the line %s: %v", lines.Bytes(), err)
		}
	}
	if n != 8 {
		t.Errorf("%d lines", n)
	}
	for _, query := range []string{"limit=-1", "limit=1001", "limit=x", "after=%00", "after=zz", "after=20260101T000000.000000Z%23%FF"} {
		r.Do(t, "GET", acme+"/audit?"+query, ada, nil).WantError(t, 400, "VALIDATION_ERROR")
		r.Do(t, "GET", "/api/admin/audit?"+query, root, nil).WantError(t, 400, "VALIDATION_ERROR")
	}
}
