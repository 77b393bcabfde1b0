package functions_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/itemstore"
)

// counted counts the calls of a store.
type counted struct {
	itemstore.Store
	mu    sync.Mutex
	calls calls
}

// calls are what a request costs: each is one call of DynamoDB.
type calls struct{ gets, queries, writes int }

func (c calls) String() string { return fmt.Sprintf("{%d, %d, %d}", c.gets, c.queries, c.writes) }

func (c *counted) Get(ctx context.Context, keys ...itemstore.Key) ([]itemstore.Item, error) {
	c.count(calls{gets: 1})
	return c.Store.Get(ctx, keys...)
}

func (c *counted) Query(ctx context.Context, q itemstore.Query) (itemstore.Page, error) {
	c.count(calls{queries: 1})
	return c.Store.Query(ctx, q)
}

func (c *counted) Write(ctx context.Context, ops ...itemstore.Op) error {
	c.count(calls{writes: 1})
	return c.Store.Write(ctx, ops...)
}

func (c *counted) count(more calls) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls.gets += more.gets
	c.calls.queries += more.queries
	c.calls.writes += more.writes
}

// take returns what was counted since the last time.
func (c *counted) take() calls {
	c.mu.Lock()
	defer c.mu.Unlock()
	taken := c.calls
	c.calls = calls{}
	return taken
}

func startCounted(t *testing.T) (*coretest.Registry, *counted) {
	var store counted
	r := coretest.Start(t, func(o *core.Options) { store.Store, o.Items = o.Items, &store })
	return r, &store
}

// budget is what each row costs a person with a session token and a private box: gets, queries,
// writes. One get of those is the session's.
var budget = map[string]calls{
	"Health": {1, 0, 0}, "Welcome": {0, 0, 0}, "ReadPage": {0, 0, 0}, "ReadOrganizationPage": {0, 0, 0}, "ReadSetupStatus": {1, 0, 0},
	"ReadStatus": {2, 0, 0}, "ReadMetrics": {1, 1, 0}, "ReadStorage": {1, 1, 0},
	"ReadConfig": {2, 0, 0}, "ChangeConfig": {2, 0, 1}, "UploadCertificate": {2, 0, 1},
	"SignUp": {2, 0, 1}, "SignIn": {2, 1, 1}, "SignInServiceAccount": {4, 0, 0}, // a write forgets wrong passwords
	"RefreshToken": {2, 1, 0}, "SignOut": {1, 0, 1}, "SignOutEverywhere": {2, 0, 1}, "ListAuthMethods": {0, 0, 0},
	"VerifyMail": {2, 0, 1}, "ResendVerification": {2, 0, 1}, "ForgotPassword": {2, 0, 1}, "ResetPassword": {2, 0, 1}, "ConfirmEmail": {2, 0, 1},
	"ReadUser": {2, 1, 0}, "ReadPreferences": {2, 0, 0}, "ChangePreferences": {2, 0, 1},
	"ReadPrimaryOrganization": {3, 1, 0}, "ChoosePrimaryOrganization": {2, 0, 1}, "LeaveOrganization": {2, 0, 1}, "IsOnlyUser": {2, 1, 0},
	"ListAccounts": {1, 1, 0}, "ListRoles": {1, 0, 0}, "ReadAccount": {2, 0, 0}, "ChangePassword": {2, 0, 1}, "ChangeEmail": {2, 0, 1},
	"ChangeName": {2, 0, 1}, "SuspendAccount": {2, 0, 1}, "ResumeAccount": {2, 0, 1},
	"DeleteAccount": {2, 1, 1}, // what it owns is read as well
	"TestMail":      {1, 0, 1},

	"CreateOrganization": {2, 0, 1}, "ReadOrganization": {2, 0, 0}, "UpdateOrganization": {2, 0, 1},
	"DeleteOrganization": {2, 0, 1}, "ListUserOrganizations": {3, 1, 0}, "ListMembers": {2, 1, 0},
	"AddMember": {2, 0, 1}, "SetRole": {2, 0, 1}, "RemoveMember": {2, 0, 1},

	"ListOrganizations": {1, 1, 0}, "DiscoverOrganizations": {1, 1, 0}, "SetAccessMode": {2, 0, 1}, "SuspendOrganization": {2, 0, 1},
	"ResumeOrganization": {2, 0, 1}, "JoinOrganization": {2, 0, 1}, "ReadRole": {2, 0, 0},
	"RemoveMemberByName": {3, 0, 1}, // the name is looked up first
	"AskToJoin":          {2, 0, 1}, "ListJoinRequests": {2, 1, 0}, "ListOwnJoinRequests": {2, 1, 0}, "CancelJoinRequest": {2, 0, 1},
	"ApproveJoinRequest": {2, 0, 1}, "DenyJoinRequest": {2, 0, 1},

	"Invite": {3, 0, 1}, "AcceptInvitation": {3, 0, 1}, "WithdrawInvitation": {3, 0, 1},
	"ListInvitations": {2, 1, 0}, "ValidateInvitation": {2, 0, 0}, "Register": {2, 0, 0},

	"ReadAudit": {1, 1, 0}, "ExportAudit": {1, 1, 0}, "ReadOrganizationAudit": {2, 1, 0}, "ExportOrganizationAudit": {2, 1, 0},

	"CreateServiceAccount": {2, 0, 1}, "DeleteServiceAccount": {2, 0, 1}, // a third for an admin: the organization that it names
	"ListServiceAccounts": {2, 1, 0}, "ListOrganizationServiceAccounts": {2, 1, 0},

	"CreateWebhook": {2, 0, 1}, "ListWebhooks": {2, 0, 0}, "ReadWebhook": {2, 0, 0}, "UpdateWebhook": {2, 0, 1},
	"DeleteWebhook": {2, 0, 1}, "PingWebhook": {2, 0, 1},
	"ListDeliveries": {2, 1, 0}, "ReadDelivery": {2, 0, 0}, "Redeliver": {2, 0, 1},
	"CreateOrganizationWebhook": {2, 0, 1}, "ListOrganizationWebhooks": {2, 0, 0}, "ReadOrganizationWebhook": {2, 0, 0},
	"UpdateOrganizationWebhook": {2, 0, 1}, "DeleteOrganizationWebhook": {2, 0, 1}, "PingOrganizationWebhook": {2, 0, 1},
	"ListOrganizationDeliveries": {2, 1, 0}, "ReadOrganizationDelivery": {2, 0, 0}, "RedeliverInOrganization": {2, 0, 1},

	"ListBoxes": {2, 1, 0}, "CreateBox": {2, 0, 1}, "ReadBox": {2, 2, 0}, "DeleteBoxes": {2, 0, 1}, "ReadReadme": {2, 0, 0},
	"ReadBadge": {0, 1, 0}, "WatchBox": {2, 0, 1}, "UnwatchBox": {2, 0, 1}, "ListWatches": {3, 1, 0},
	"UpdateBox": {2, 0, 1}, "DeleteBox": {2, 0, 1},
	"DeleteVersions": {2, 0, 1}, "ReleaseVersion": {2, 0, 1}, "RevokeVersion": {2, 0, 1},
	"DeleteProviders": {2, 0, 1}, "DeleteArchitectures": {2, 0, 1},
	"ListVersions": {2, 2, 0}, "CreateVersion": {2, 0, 1}, "ReadVersion": {3, 0, 0}, "UpdateVersion": {2, 0, 1}, "DeleteVersion": {2, 0, 1},
	"ListProviders": {2, 0, 0}, "CreateProvider": {2, 0, 1}, "ReadProvider": {2, 0, 0}, "UpdateProvider": {2, 0, 1}, "DeleteProvider": {2, 0, 1},
	"ListArchitectures": {2, 0, 0}, "CreateArchitecture": {2, 0, 1}, "ReadArchitecture": {2, 0, 0}, "UpdateArchitecture": {2, 0, 1}, "DeleteArchitecture": {2, 0, 1},

	// The organizations of the caller, public boxes and those of each; the boxes found in one get.
	"Search": {3, 4, 0}, "Discover": {3, 4, 0}, "DiscoverName": {3, 4, 0},

	"UploadForm": {3, 0, 2}, "UploadRaw": {3, 0, 2}, "PutFile": {2, 0, 1}, // the upload is written, then the file
	"BeginUpload": {2, 0, 1}, "ListUploads": {2, 1, 0}, "SignParts": {2, 0, 0}, "AbortUpload": {2, 0, 1},
	"ReadUpload": {3, 0, 3}, "CompleteUpload": {3, 0, 3}, // completing, verifying, stored

	"ReadFile": {3, 0, 0}, "GetDownloadLink": {2, 0, 0}, "DeleteFile": {2, 0, 1}, "Download": {2, 0, 1},
	// A box that is new: box, versions, and that the upstream was asked.
	"ReadMirror": {2, 0, 0}, "SetMirror": {2, 0, 1}, "DeleteMirror": {2, 0, 1}, "ReadMirroredMetadata": {4, 4, 3},
	"ReadMetadata": {2, 1, 0}, "ReadVagrantMetadata": {2, 1, 0},

	"CloudLogin": {3, 1, 1}, "CloudAuthenticate": {1, 0, 0}, "CloudLogout": {1, 0, 1}, // with memberships, of which the names are read
	"CloudSearch": {3, 4, 0}, "CloudReadUser": {3, 1, 0}, // what the index has of its boxes, 100 in one get
	"CloudCreateBox": {2, 0, 1}, "CloudReadBox": {2, 2, 0}, "CloudUpdateBox": {2, 0, 1}, "CloudDeleteBox": {2, 0, 1},
	"CloudCreateVersion": {2, 0, 1}, "CloudReadVersion": {2, 0, 0}, "CloudUpdateVersion": {2, 0, 1}, "CloudDeleteVersion": {2, 0, 1},
	"CloudReleaseVersion": {2, 0, 1}, "CloudRevokeVersion": {2, 0, 1},
	"CloudCreateProvider": {2, 0, 1}, "CloudReadProvider": {2, 0, 0}, "CloudUpdateProvider": {2, 0, 1}, "CloudDeleteProvider": {2, 0, 1},
	"CloudBeginUpload": {2, 0, 1}, "CloudBeginDirectUpload": {2, 0, 1}, "CloudCompleteUpload": {3, 0, 3},

	"ExchangeToken": {4, 0, 0}, "HCPSwitchRegistry": {2, 0, 0},
	"HCPListRegistries": {2, 1, 0}, "HCPCreateRegistry": {2, 0, 1}, "HCPReadRegistry": {2, 0, 0}, "HCPUpdateRegistry": {2, 0, 1}, "HCPDeleteRegistry": {2, 0, 1},
	"HCPListBoxes": {2, 1, 0}, "HCPCreateBox": {2, 0, 1}, "HCPReadBox": {3, 1, 0}, "HCPUpdateBox": {2, 0, 1}, "HCPDeleteBox": {2, 0, 1},
	"HCPListVersions": {2, 1, 0}, "HCPCreateVersion": {2, 0, 1}, "HCPReadVersion": {2, 0, 0}, "HCPUpdateVersion": {2, 0, 1}, "HCPDeleteVersion": {2, 0, 1},
	"HCPReleaseVersion": {2, 0, 1}, "HCPRevokeVersion": {2, 0, 1},
	"HCPListProviders": {2, 0, 0}, "HCPCreateProvider": {2, 0, 1}, "HCPReadProvider": {2, 0, 0}, "HCPUpdateProvider": {2, 0, 1}, "HCPDeleteProvider": {2, 0, 1},
	"HCPListArchitectures": {2, 0, 0}, "HCPCreateArchitecture": {2, 0, 1}, "HCPReadArchitecture": {2, 0, 0}, "HCPUpdateArchitecture": {2, 0, 1}, "HCPDeleteArchitecture": {2, 0, 1},
	"HCPUploadBox": {2, 0, 1}, "HCPDirectUploadBox": {2, 0, 1}, "HCPCompleteDirectUploadBox": {3, 0, 3}, "HCPDownloadBox": {2, 0, 1},
	"HCPSearch": {3, 4, 0}, "HCPReadOperation": {3, 0, 0}, // the organization, and then the box
	"HCPListOrganizations": {2, 1, 0}, "HCPReadOrganization": {2, 0, 0}, "HCPListProjects": {2, 1, 0}, "HCPReadProject": {2, 0, 0},
}

func TestWhatEachRowCosts(t *testing.T) {
	r, store := startCounted(t)
	find, most := newFinder(), map[string]calls{}
	walk(t, r, func(method, path, token string, body []byte, header ...string) embeddedtest.Answer {
		t.Helper()
		store.take()
		a := succeed(t, r, method, path, token, body, header...)
		row, cost := find.row(t, method, path), store.take()
		if before := most[row.Name]; cost.gets+cost.queries+cost.writes > before.gets+before.queries+before.writes {
			most[row.Name] = cost
		}
		return a
	})
	for _, row := range functions.Routes() {
		if most[row.Name] != budget[row.Name] {
			t.Errorf("%s makes the calls %v, want %v", row.Name, most[row.Name], budget[row.Name])
		}
	}
}

// What Vagrant asks for most, of a public box and without a token.
func TestWhatVagrantCosts(t *testing.T) {
	r, store := startCounted(t)
	token := r.Person(t, "ada")
	r.Organization(t, token, "acme")
	r.Box(t, token, "acme", "debian", true)
	r.Upload(t, token, architecture, coretest.BoxFile(t, "virtualbox", "")).Want(t, 200)
	for _, c := range []struct {
		method, path string
		status       int
		want         calls
	}{
		{"GET", "/acme/debian", 200, calls{queries: 1}},
		{"HEAD", "/acme/debian", 200, calls{queries: 1}},
		{"GET", box + "/metadata", 200, calls{queries: 1}},
		{"GET", pretty, 302, calls{gets: 1, writes: 1}},
		{"HEAD", pretty, 200, calls{gets: 1}},
		{"GET", "/acme/none", 404, calls{queries: 1}},
	} {
		store.take()
		r.Ask(t, c.method, c.path, "", nil).Want(t, c.status)
		if cost := store.take(); cost != c.want {
			t.Errorf("%s %s makes the calls %v, want %v", c.method, c.path, cost, c.want)
		}
	}
}

// Nobody learns by the work that a request makes whose name or address it is about.
func TestKnownAndUnknownCostTheSame(t *testing.T) {
	r, store := startCounted(t)
	r.Person(t, "ada")
	for path, body := range map[string]string{
		"/api/auth/signin":              `{"username":"%s","password":"a wrong one"}`,
		"/api/auth/forgot-password":     `{"email":"%s@example.com"}`,
		"/api/auth/resend-verification": `{"email":"%s@example.com"}`,
	} {
		var costs []calls
		for _, name := range []string{"ada", "nobody"} {
			store.take()
			r.Do(t, "POST", path, "", fmt.Sprintf(body, name))
			costs = append(costs, store.take())
		}
		if costs[0] != costs[1] || costs[0].writes != 1 {
			t.Errorf("%s makes the calls %v for known, %v for unknown", path, costs[0], costs[1])
		}
	}
}
