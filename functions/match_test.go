package functions_test

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/route"
)

// unmatched are the changes that look at no If-Match: what they change has no ETag of its own.
var unmatched = []string{
	"AbortUpload", "CancelJoinRequest", "ChangeEmail", "ChangeName", "ChangePassword", "ChangePreferences",
	"ChoosePrimaryOrganization", "DeleteAccount", "DeleteArchitectures", "DeleteBoxes", "DeleteFile", "DeleteProviders",
	"DeleteServiceAccount", "DeleteVersions", "PutFile", "ReleaseVersion", "RemoveMember", "RemoveMemberByName", "ResumeAccount",
	"ResumeOrganization", "RevokeVersion", "SetAccessMode", "SetRole", "SuspendAccount", "SuspendOrganization", "UnwatchBox",
	"UploadRaw", "WithdrawInvitation",
}

// Every change of something that has an ETag is refused, without effect, to who knows an older one.
func TestAChangeOfWhatIsNotAsTheClientKnowsItIsRefused(t *testing.T) {
	r, find := coretest.Start(t), newFinder()
	walk(t, r, func(method, path, token string, body []byte, header ...string) embeddedtest.Answer {
		t.Helper()
		row := find.row(t, method, path)
		changes := method == http.MethodPut || method == http.MethodPatch || method == http.MethodDelete
		// The clients of the other dialects know no ETags, and are told none of what can be changed.
		if changes && row.Dialect == route.BoxVault && !slices.Contains(unmatched, row.Name) {
			stale := append([]string{"If-Match", `"older"`}, header...)
			r.Ask(t, method, path, token, body, stale...).WantError(t, 412, "PRECONDITION_FAILED")
			header = append(header, "If-Match", r.Ask(t, "GET", path, token, nil).Want(t, 200).Header.Get("ETag"))
		}
		return succeed(t, r, method, path, token, body, header...)
	})
}

func TestWhatTheClientHasIsNotSentAgain(t *testing.T) {
	r, ada := coretest.Acme(t)
	r.Box(t, ada, "acme", "debian", true)
	r.Upload(t, ada, architecture, coretest.BoxFile(t, "virtualbox", "")).Want(t, 200)
	for _, path := range []string{"/api/organization/acme", box, version, provider, architecture} {
		tag := r.Ask(t, "GET", path, ada, nil).Want(t, 200).Header.Get("ETag")
		a := r.Ask(t, "GET", path, ada, nil, "If-None-Match", tag).Want(t, 304)
		if len(a.Body) > 0 || a.Header.Get("ETag") != tag || tag == "" {
			t.Errorf("%s: %v", path, a.Header)
		}
		r.Do(t, "PUT", path, ada, `{"description":"new"}`).Want(t, 200)
		r.Ask(t, "GET", path, ada, nil, "If-None-Match", tag).Want(t, 200)
	}
	before := r.Ask(t, "GET", box, ada, nil).Header.Get("ETag")
	r.Do(t, "POST", box+"/version", ada, `{"version":"2.0.0"}`).Want(t, 201)
	r.Ask(t, "GET", box, ada, nil, "If-None-Match", before).Want(t, 200)                 // it shows the version
	r.Ask(t, "PUT", box, ada, []byte(`{"readme":"r"}`), "If-Match", before).Want(t, 200) // but is no other box by that
	public := r.Ask(t, "GET", box, "", nil).Want(t, 200)
	if public.Header.Get("ETag") == r.Ask(t, "GET", box, ada, nil).Header.Get("ETag") {
		t.Error("a stranger, who sees less, has the ETag of a member")
	}
}

// However close they come, of those who change what they all know one is let through.
func TestOfManyWhoKnowTheSameOneChangesIt(t *testing.T) {
	r, ada := coretest.Acme(t)
	r.Box(t, ada, "acme", "debian", false)
	r.Upload(t, ada, architecture, coretest.BoxFile(t, "virtualbox", "")).Want(t, 200)
	for _, path := range []string{"/api/organization/acme", box, version, provider, architecture} {
		tag := r.Ask(t, "GET", path, ada, nil).Want(t, 200).Header.Get("ETag")
		var made, refused atomic.Int32
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				switch a := r.Ask(t, "PUT", path, ada, []byte(`{"description":"mine"}`), "If-Match", tag); {
				case a.Status == 200:
					made.Add(1)
				case a.Status == 412 && strings.Contains(string(a.Body), "PRECONDITION_FAILED"):
					refused.Add(1)
				default:
					t.Errorf("%s: %d %s", path, a.Status, a.Body)
				}
			})
		}
		wg.Wait()
		if made.Load() != 1 || refused.Load() != 7 {
			t.Errorf("%s: %d changes were made, %d refused", path, made.Load(), refused.Load())
		}
	}
}

// Who may not change something learns nothing of it by guessing.
func TestARefusalComesBeforeTheETag(t *testing.T) {
	r, ada := coretest.Acme(t)
	r.Box(t, ada, "acme", "debian", false)
	bob := r.Person(t, "bob")
	for _, header := range []string{`"older"`, "*"} {
		r.Ask(t, "PUT", box, bob, []byte(`{}`), "If-Match", header).WantError(t, 404, "NOT_FOUND")
	}
}
