package operation_test

import (
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// hostile is an address that a shell would obey, and a browser too.
const hostile = "a'|reboot|'&b`x`@example.com"

func invite(t *testing.T, r *coretest.Registry, owner, email string) api.Invited {
	t.Helper()
	body := map[string]string{"email": email, "organizationName": "acme"}
	return embeddedtest.JSON[api.Invited](t, r.Do(t, "POST", "/api/auth/invite", owner, body).Want(t, 200))
}

func TestTheLinkOfAnInvitationLeadsToAPage(t *testing.T) {
	r, owner := coretest.Acme(t)
	made := invite(t, r, owner, "new@example.com")
	link := strings.TrimPrefix(made.Link, r.URL)
	a := r.Ask(t, "GET", link, "", nil).Want(t, 200)
	got := string(a.Body)
	for _, want := range []string{
		"boxvault signup " + r.URL + " --invitation " + made.Token, "boxvault org accept " + made.Token,
		`"invitationToken"`, "new@example.com", "Join acme", "ada invites", "role member",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the page has no %s: %s", want, got)
		}
	}
	for _, word := range []string{"{token}", "{base}", "{organization}", "{by}", "{role}", "{email}", "{expires}", "<script>", "style="} {
		if strings.Contains(got, word) {
			t.Errorf("the page has %s: %s", word, got)
		}
	}
	if h := a.Header; h.Get("Referrer-Policy") != "no-referrer" || h.Get("Cache-Control") != "no-store" || h.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("the headers are %v", h)
	}
	r.Ask(t, "HEAD", link, "", nil).Want(t, 200)
}

// The page has nothing of what its address says, but for a token that is good.
func TestTheLinkOfNoInvitation(t *testing.T) {
	r, owner := coretest.Acme(t)
	gone := invite(t, r, owner, "new@example.com")
	invite(t, r, owner, "new@example.com")
	for _, query := range []string{
		"?token=" + strings.Repeat("a", 40), "?token=" + gone.Token + "&organization=evil",
		"?token=<script>evil</script>", "?token=%00%ff", "?token=a&token=" + gone.Token, "?token=" + strings.Repeat("evil", 2000),
	} {
		got := string(r.Ask(t, "GET", "/register"+query, "", nil).Want(t, 200).Body)
		if !strings.Contains(got, "There is no such invitation") || strings.Contains(got, "evil") || strings.Contains(got, gone.Token) {
			t.Errorf("%s: %s", query, got)
		}
	}
}

// The page takes the token off its address: loaded again, it says nothing of the invitation, which is good still.
func TestTheLinkOfAnInvitationThatHasLostItsToken(t *testing.T) {
	r := coretest.Start(t)
	for _, query := range []string{"", "?token=", "?organization=evil", "?token=&organization=evil"} {
		got := string(r.Ask(t, "GET", "/register"+query, "", nil).Want(t, 200).Body)
		if !strings.Contains(got, "The link is not whole") || !strings.Contains(got, "Open it from the letter once more") {
			t.Errorf("%s: %s", query, got)
		}
		for _, word := range []string{"used or withdrawn", "evil", "{"} {
			if strings.Contains(got, word) {
				t.Errorf("%s has %s: %s", query, word, got)
			}
		}
	}
}

func TestAHostileAddressIsNeitherTypedNorObeyed(t *testing.T) {
	r, owner := coretest.Acme(t)
	made := invite(t, r, owner, hostile)
	got := string(r.Ask(t, "GET", strings.TrimPrefix(made.Link, r.URL), "", nil).Want(t, 200).Body)
	for _, command := range strings.Split(got, "<pre>")[1:] {
		if command, _, _ = strings.Cut(command, "</pre>"); strings.Contains(command, "reboot") {
			t.Errorf("the command %s", command)
		}
	}
	if !strings.Contains(got, "a&#39;|reboot|&#39;&amp;b`x`@example.com") {
		t.Errorf("the page is %s", got)
	}
}

// The log has neither the token that the page is asked for with nor those of the API.
func TestTokensOfInvitationsAreNotLogged(t *testing.T) {
	var log lines
	r, owner := coretest.Acme(t, func(o *core.Options) { o.Log = slog.New(slog.NewJSONHandler(&log, nil)) })
	made := invite(t, r, owner, "new@example.com")
	mailed := r.MailedToken(t, registry.LetterInvitation, "new@example.com")
	for _, token := range []string{made.Token, mailed} {
		r.Ask(t, "GET", "/register?token="+token+"&organization=acme", "", nil, "Referer", r.URL+"/login").Want(t, 200)
		r.Ask(t, "GET", "/api/auth/validate-invitation/"+token, "", nil).Want(t, 200)
		r.Ask(t, "POST", "/api/auth/invitations/"+token+"/accept", owner, nil).Want(t, 403)
		r.Ask(t, "POST", "/api/auth/signup", "", []byte(`{"invitationToken":"`+token+`"}`)).Want(t, 400)
	}
	all := log.wait(t, 2+2*4) // acme and the invitation, and four of each token
	for _, token := range []string{made.Token, mailed} {
		if strings.Contains(all, token) {
			t.Errorf("the log has a token: %s", all)
		}
	}
}

// lines is a log: a request's line is written once its answer has gone out.
type lines struct {
	mu  sync.Mutex
	all []string
}

func (l *lines) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, string(line))
	return len(line), nil
}

func (l *lines) wait(t *testing.T, n int) string {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; {
		l.mu.Lock()
		all := l.all
		l.mu.Unlock()
		if len(all) >= n {
			return strings.Join(all, "")
		}
		if time.Now().After(deadline) {
			t.Fatalf("the log has %d lines", len(all))
		}
		time.Sleep(time.Millisecond)
	}
}
