package client_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

func TestSessions(t *testing.T) {
	r := embeddedtest.Start(t)
	c := connect(t, r, "")
	_, err := c.User(t.Context())
	wantKind(t, err, registry.Unauthenticated)

	made, err := c.SignUp(t.Context(), api.SignUp{Username: "ada", Email: "ada@example.com", Password: embeddedtest.Password})
	if err != nil || made.Username != "ada" {
		t.Fatalf("signed up %+v: %v", made, err)
	}
	_, err = c.SignIn(t.Context(), api.SignIn{Username: "ada", Password: "not the password"})
	wantKind(t, err, registry.Unauthenticated)
	if _, err := c.SignIn(t.Context(), api.SignIn{Username: "ada", Password: embeddedtest.Password}); err != nil {
		t.Fatal(err)
	}
	if me, err := c.User(t.Context()); err != nil || me.Username != "ada" {
		t.Errorf("the client is %+v: %v", me, err)
	}
	if err := c.SignOut(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err = c.User(t.Context())
	wantKind(t, err, registry.Unauthenticated)
}

func TestTokensThatAreNoGood(t *testing.T) {
	r := embeddedtest.Start(t)
	c := ada(t, r)
	_, err := connect(t, r, "not a token").User(t.Context())
	wantKind(t, err, registry.Unauthenticated)

	r.Clock.Advance(24 * time.Hour)
	_, err = c.User(t.Context())
	wantKind(t, err, registry.TokenExpired)
	var told *registry.Error
	if errors.As(err, &told); told.Details["expiredAt"] == nil {
		t.Errorf("details %v do not say since when", told.Details)
	}
}

func TestSessionIsRenewed(t *testing.T) {
	r := embeddedtest.Start(t)
	r.SignUp(t, "ada")
	signedIn, err := connect(t, r, "").SignIn(t.Context(), api.SignIn{Username: "ada", Password: embeddedtest.Password, StayLoggedIn: true})
	if err != nil {
		t.Fatal(err)
	}
	if at := client.RenewAt(time.Now(), signedIn); !at.Before(signedIn.ExpiresAt) || time.Until(at) < time.Hour {
		t.Errorf("a session until %s is renewed at %s", signedIn.ExpiresAt, at)
	}
	var kept []api.Session
	c := connect(t, r, signedIn.AccessToken, client.WithRenewal(time.Now(), func(s api.Session) { kept = append(kept, s) }))
	r.Clock.Advance(time.Hour)
	for range 2 {
		if _, err := c.User(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if len(kept) != 1 || !kept[0].ExpiresAt.After(signedIn.ExpiresAt) {
		t.Fatalf("kept %+v, want one session that lasts longer", kept)
	}
	r.Clock.Advance(signedIn.ExpiresAt.Sub(r.Clock.Now()) + time.Minute)
	if _, err := c.User(t.Context()); err != nil {
		t.Errorf("the client does not use the new session: %v", err)
	}
}

// A session that cannot be renewed, as it was signed in to for a short time, is used to its end.
func TestSessionThatCannotBeRenewed(t *testing.T) {
	r := embeddedtest.Start(t)
	c := connect(t, r, r.SignUp(t, "ada"), client.WithRenewal(time.Now(), func(api.Session) { t.Error("renewed") }))
	if _, err := c.User(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestOrganizationsAndMembers(t *testing.T) {
	r := embeddedtest.Start(t)
	c := connect(t, r, r.SignUp(t, "ada"))
	r.SignUp(t, "bob")
	name, words := "acme", "Boxes of Acme"
	made, err := c.CreateOrganization(t.Context(), api.OrganizationInput{Name: &name})
	if err != nil || made.Role != "owner" {
		t.Fatalf("made %+v: %v", made, err)
	}
	_, err = c.CreateOrganization(t.Context(), api.OrganizationInput{Name: &name})
	wantKind(t, err, registry.Conflict)
	if _, err := c.UpdateOrganization(t.Context(), name, api.OrganizationInput{Description: &words}); err != nil {
		t.Fatal(err)
	}
	if read, err := c.Organization(t.Context(), name); err != nil || read.Description != words {
		t.Errorf("read %+v: %v", read, err)
	}
	if mine, err := c.UserOrganizations(t.Context()); err != nil || len(mine) != 1 || mine[0].Name != name {
		t.Errorf("organizations %+v: %v", mine, err)
	}

	bob, err := c.AddMember(t.Context(), name, api.MemberInput{Username: "bob", Role: "member"})
	if err != nil {
		t.Fatal(err)
	}
	if bob, err = c.SetRole(t.Context(), name, bob.ID, "admin"); err != nil || bob.Role != "admin" {
		t.Errorf("bob is %+v: %v", bob, err)
	}
	if members, err := c.Members(t.Context(), name); err != nil || len(members) != 2 {
		t.Errorf("members %+v: %v", members, err)
	}
	if err := c.RemoveMember(t.Context(), name, bob.ID); err != nil {
		t.Error(err)
	}
	if err := c.DeleteOrganization(t.Context(), name); err != nil {
		t.Error(err)
	}
	_, err = c.Organization(t.Context(), name)
	wantKind(t, err, registry.NotFound)
}

func TestServiceAccounts(t *testing.T) {
	r := embeddedtest.Start(t)
	c := ada(t, r)
	days := 90
	made, err := c.CreateServiceAccount(t.Context(), api.ServiceAccountInput{Organization: "acme", Description: "CI", ExpirationDays: &days})
	if err != nil || made.Token == "" || made.ExpiresAt == nil {
		t.Fatalf("made %+v: %v", made, err)
	}
	bySecret := connect(t, r, made.Token)
	if me, err := bySecret.User(t.Context()); err != nil || !me.IsServiceAccount {
		t.Errorf("by its secret it is %+v: %v", me, err)
	}
	session, err := connect(t, r, "").SignInService(t.Context(), api.ServiceSignIn{ClientID: made.Username, ClientSecret: made.Token})
	if err != nil || session.AccessToken == "" {
		t.Errorf("session %+v: %v", session, err)
	}
	list, err := c.ServiceAccounts(t.Context())
	if err != nil || len(list) != 1 || list[0].Token != "" {
		t.Errorf("list %+v: %v", list, err)
	}
	if _, err := push(t.Context(), bySecret, boxFile(t, 1)); err != nil {
		t.Errorf("push by a service account: %v", err)
	}
	if err := c.DeleteServiceAccount(t.Context(), made.ID); err != nil {
		t.Fatal(err)
	}
	_, err = bySecret.User(t.Context())
	wantKind(t, err, registry.Unauthenticated)
}

func TestBoxesVersionsAndWhatIsInThem(t *testing.T) {
	c := ada(t, embeddedtest.Start(t))
	ctx, public, words, number := t.Context(), true, "with a slash / in it", "1.0.0"
	if made, err := c.EnsureBox(ctx, "acme", api.BoxInput{Name: pointer("debian13"), IsPublic: &public}); err != nil || !made {
		t.Fatalf("made %t: %v", made, err)
	}
	if made, err := c.EnsureBox(ctx, "acme", api.BoxInput{Name: pointer("debian13")}); err != nil || made {
		t.Fatalf("made %t again: %v", made, err)
	}
	if box, err := c.UpdateBox(ctx, "acme", "debian13", api.BoxInput{Description: &words}); err != nil || box.Description != words || !box.IsPublic {
		t.Errorf("changed %+v: %v", box, err)
	}
	hold := false
	if v, err := c.CreateVersion(ctx, "acme", "debian12", api.NewVersion{VersionInput: api.VersionInput{VersionNumber: &number, Release: &hold}}); err != nil || v.Status != "unreleased" {
		t.Fatalf("made %+v: %v", v, err)
	}
	if v, err := c.UpdateVersion(ctx, "acme", "debian12", number, api.VersionInput{Description: &words}); err != nil || v.Description != words {
		t.Errorf("changed %+v: %v", v, err)
	}
	if _, err := c.CreateProvider(ctx, "acme", "debian12", number, api.ProviderInput{Name: pointer("virtualbox")}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"arm64", "amd64"} {
		if _, err := c.CreateArchitecture(ctx, target, api.ArchitectureInput{Name: &name}); err != nil {
			t.Fatal(err)
		}
	}
	if arch, err := c.UpdateArchitecture(ctx, target, api.ArchitectureInput{DefaultBox: pointer(true)}); err != nil || !arch.DefaultBox {
		t.Errorf("architecture %+v: %v", arch, err)
	}
	box, err := c.Box(ctx, "acme", "debian12")
	if err != nil || len(box.Versions) != 1 || len(box.Versions[0].Providers[0].Architectures) != 2 {
		t.Errorf("box %+v: %v", box, err)
	}
	for _, remove := range []func() error{
		func() error { return c.DeleteArchitecture(ctx, target) },
		func() error { return c.DeleteProvider(ctx, target) },
		func() error { return c.DeleteVersion(ctx, "acme", "debian12", number) },
		func() error { return c.DeleteBox(ctx, "acme", "debian12") },
	} {
		if err := remove(); err != nil {
			t.Error(err)
		}
		wantKind(t, remove(), registry.NotFound)
	}
}

func pointer[T any](v T) *T { return &v }

func TestUploadStepByStep(t *testing.T) {
	c := ada(t, embeddedtest.Start(t))
	u, err := c.BeginUpload(t.Context(), target, api.BeginUpload{Size: 10, FileName: "a.box"})
	if err != nil || len(u.URLs) != 1 {
		t.Fatalf("began %+v: %v", u, err)
	}
	if list, err := c.Uploads(t.Context(), target); err != nil || len(list) != 1 || list[0].ID != u.ID {
		t.Errorf("list %+v: %v", list, err)
	}
	if _, err := c.CompleteUpload(t.Context(), target, u.ID, api.CompleteUpload{}); registry.KindOf(err) != registry.BadUpload {
		t.Errorf("completing without parts: %v", err)
	}
	if err := c.AbortUpload(t.Context(), target, u.ID); err != nil {
		t.Fatal(err)
	}
	if list, err := c.Uploads(t.Context(), target); err != nil || len(list) != 0 {
		t.Errorf("list after the end %+v: %v", list, err)
	}
}

func TestDownloadLinkNeedsNoToken(t *testing.T) {
	c := ada(t, embeddedtest.Start(t))
	if _, err := push(t.Context(), c, boxFile(t, 1)); err != nil {
		t.Fatal(err)
	}
	link, err := c.DownloadLink(t.Context(), target)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Get(link.DownloadURL)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK || resp.ContentLength != mib {
		t.Errorf("the link answers %s with %d bytes", resp.Status, resp.ContentLength)
	}
}

func TestMetadata(t *testing.T) {
	c := ada(t, embeddedtest.Start(t))
	path := boxFile(t, 1)
	if _, err := push(t.Context(), c, path); err != nil {
		t.Fatal(err)
	}
	m, err := c.Metadata(t.Context(), "acme", "debian12")
	if err != nil || len(m.Versions) != 1 || m.Versions[0].Providers[0].Checksum != sum(t, path) {
		t.Errorf("metadata %+v: %v", m, err)
	}
}

// failing is a proxy whose first requests of a method fail, by status or, for 0, by a cut
// connection.
func failing(method string, times int32, status int, count *atomic.Int32) func(*testing.T, string) string {
	return meddler(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != method || r.URL.Path != "/api/organization/acme/box" || count.Add(1) > times {
			return false
		}
		if status == 0 {
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(status)
		return true
	})
}

func TestRequestsThatFailAreSentAgainWhereThatIsSafe(t *testing.T) {
	const cut = 0
	for _, test := range []struct {
		method string
		status int
		sent   int32 // requests for the call
		ok     bool
	}{
		{http.MethodGet, 500, 3, true}, {http.MethodGet, 502, 3, true}, {http.MethodGet, 503, 3, true},
		{http.MethodGet, 504, 3, true}, {http.MethodGet, 429, 3, true}, {http.MethodGet, cut, 3, true},
		{http.MethodPost, 503, 3, true}, {http.MethodPost, 429, 3, true},
		{http.MethodPost, 500, 1, false}, {http.MethodPost, 504, 1, false}, {http.MethodPost, cut, 1, false},
		{http.MethodGet, 507, 1, false}, {http.MethodGet, 403, 1, false},
	} {
		t.Run(test.method+" "+http.StatusText(test.status), func(t *testing.T) {
			var sent atomic.Int32
			r := startBehind(t, failing(test.method, 2, test.status, &sent))
			token := r.SignUp(t, "ada")
			r.Organization(t, token, "acme")
			c := connect(t, r, token)
			var err error
			if test.method == http.MethodPost {
				_, err = c.CreateBox(t.Context(), "acme", api.BoxInput{Name: pointer("debian12")})
			} else {
				for _, err = range c.Boxes(t.Context(), "acme") {
				}
			}
			if (err == nil) != test.ok || sent.Load() != test.sent {
				t.Errorf("%d requests, error %v; want %d, success: %t", sent.Load(), err, test.sent, test.ok)
			}
		})
	}
}

// A URL that nobody listens at is rather misspelled than late.
func TestNobodyListens(t *testing.T) {
	r := embeddedtest.Start(t)
	c := connect(t, r, r.SignUp(t, "ada"), client.WithBackoff(func(int) time.Duration { t.Error("waited"); return 0 }))
	r.Stop()
	_, err := c.User(t.Context())
	var unreachable *client.Unreachable
	if !errors.As(err, &unreachable) || unreachable.URL != r.URL || strings.Contains(err.Error(), "/api/user") {
		t.Errorf("error %v, want Unreachable, and no word of paths", err)
	}
}

// A registry that moved must not be sent the token, or get a GET for a POST, by way of a redirect.
func TestRedirectsAreNotFollowed(t *testing.T) {
	var paths []string
	r := startBehind(t, meddler(func(w http.ResponseWriter, r *http.Request) bool {
		paths = append(paths, r.URL.Path)
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
		return true
	}))
	c := connect(t, r, "token")
	if _, err := c.User(t.Context()); err == nil {
		t.Error("a redirect was taken for an answer")
	}
	if err := c.DeleteBox(t.Context(), "acme", "debian12"); err == nil {
		t.Error("a redirect was taken for a deletion")
	}
	if slices.Contains(paths, "/elsewhere") {
		t.Error("the redirect was followed")
	}
}
