package webhooks_test

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/catalog"
)

func TestAWebhookIsKeptAsItWasMade(t *testing.T) {
	r, root, ada := start(t)
	for list, token := range map[string]string{platform: root, acme: ada} {
		in := map[string]any{
			"url": "https://example.com/hook?token=x", "events": []string{"box.uploaded", "box.uploaded", "*"},
			"secret": secret, "description": "ci", "active": false,
		}
		made := embeddedtest.JSON[api.Webhook](t, r.Do(t, "POST", list, token, in).Want(t, 201))
		if made.Secret != "" || made.URL != in["url"] || len(made.Events) != 2 || made.Active || made.Description != "ci" {
			t.Errorf("made %+v", made)
		}
		if ours := list == platform; ours != (made.Organization == nil) || !ours && *made.Organization != "acme" {
			t.Errorf("it belongs to %v", made.Organization)
		}
		one := fmt.Sprint(list, "/", made.ID)
		changed := embeddedtest.JSON[api.Webhook](t, r.Do(t, "PUT", one, token, `{"active":true,"events":["user.created"],"url":null}`).Want(t, 200))
		if !changed.Active || changed.URL != made.URL || changed.Events[0] != "user.created" || changed.Description != "ci" {
			t.Errorf("changed %+v", changed)
		}
		listed := embeddedtest.JSON[[]api.Webhook](t, r.Do(t, "GET", list, token, nil).Want(t, 200))
		read := embeddedtest.JSON[api.Webhook](t, r.Do(t, "GET", one, token, nil).Want(t, 200))
		if len(listed) != 1 || !reflect.DeepEqual(listed[0], read) || !read.UpdatedAt.Equal(changed.UpdatedAt) {
			t.Errorf("listed %+v, read %+v", listed, read)
		}
		r.Do(t, "DELETE", one, token, nil).Want(t, 200)
		for _, method := range []string{"GET", "PUT", "DELETE"} {
			r.Do(t, method, one, token, nil).WantError(t, 404, "NOT_FOUND")
		}
	}
}

// A secret is shown once, and only when nobody else knows it. The audit log has neither it nor the
// URL, which may hold a token.
func TestSecretsAreNotShown(t *testing.T) {
	r, root, ada := start(t)
	made := embeddedtest.JSON[api.Webhook](t, r.Do(t, "POST", acme, ada, `{"url":"https://example.com/tok3n","events":["*"]}`).Want(t, 201))
	if len(made.Secret) < 20 {
		t.Fatalf("the registry made the secret %q", made.Secret)
	}
	one := fmt.Sprint(acme, "/", made.ID)
	r.Clock.Advance(time.Second)
	for _, a := range []embeddedtest.Answer{
		r.Do(t, "GET", acme, ada, nil), r.Do(t, "GET", one, root, nil), r.Do(t, "PUT", one, ada, `{"secret":"another-secret"}`),
	} {
		if text := string(a.Want(t, 200).Body); strings.Contains(text, made.Secret) || strings.Contains(text, "ecret\"") {
			t.Errorf("answered %s", text)
		}
	}
	r.Clock.Advance(time.Second)
	r.Do(t, "DELETE", one, ada, nil).Want(t, 200)
	events, _, err := r.Core.Catalog.AuditOfAll(t.Context(), "", 3)
	if err != nil || len(events) != 3 {
		t.Fatalf("%+v, %v", events, err)
	}
	for i, want := range []string{"webhook.deleted", "webhook.updated", "webhook.created"} {
		if text := fmt.Sprint(events[i]); string(events[i].Type) != want || strings.Contains(text, "tok3n") || strings.Contains(text, "ecret") {
			t.Errorf("written down is %s, want %s", text, want)
		}
		if events[i].By.Username != "ada" || events[i].Organization != "acme" {
			t.Errorf("done by %+v in %q", events[i].By, events[i].Organization)
		}
	}
}

func TestEveryWrongFieldOfAWebhookIsNamed(t *testing.T) {
	r := coretest.Start(t)
	root := r.Person(t, "root")
	wrong := embeddedtest.JSON[api.Error](t, r.Do(t, "POST", platform, root, map[string]any{
		"url": "ftp://x", "events": []string{"box.exploded"}, "secret": "short", "description": strings.Repeat("x", 1025),
	}).WantError(t, 400, "VALIDATION_ERROR"))
	if len(wrong.Details) != 4 {
		t.Errorf("told %+v", wrong.Details)
	}
	made := hook(t, r, root, platform, "https://example.com/", "box.created")
	for body, field := range map[string]string{
		`{}`: "url", `{"url":"https://example.com/"}`: "events", `{"url":"https://example.com/","events":[]}`: "events",
		`{"url":"http://127.0.0.1/","events":["*"]}`: "url", `{"url":"http://localhost/","events":["*"]}`: "url",
		`{"url":"http://169.254.169.254/","events":["*"]}`: "url", `{"events":"*"}`: "events", `{"active":"yes"}`: "active",
		`{"url":"","secret":""}`: "secret", `[]`: "body",
	} {
		a := embeddedtest.JSON[api.Error](t, r.Do(t, "POST", platform, root, body).WantError(t, 400, "VALIDATION_ERROR"))
		if a.Details[field] == nil {
			t.Errorf("%s: %+v, want %s", body, a.Details, field)
		}
		if body != `{}` && body != `{"url":"https://example.com/"}` {
			r.Do(t, "PUT", made, root, body).WantError(t, 400, "VALIDATION_ERROR")
		}
	}
	for _, query := range []string{"limit=101", "limit=-1", "after=x", "after=%00"} {
		r.Do(t, "GET", made+"/deliveries?"+query, root, nil).WantError(t, 400, "VALIDATION_ERROR")
	}
}

// However many are made at once, there are no more than allowed.
func TestTheNumberOfWebhooksIsBounded(t *testing.T) {
	r, root, ada := start(t)
	body := `{"url":"https://example.com/","events":["box.created"]}`
	for range catalog.MaxWebhooks - 2 {
		r.Do(t, "POST", acme, ada, body).Want(t, 201)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if a := r.Do(t, "POST", acme, ada, body); a.Status != 201 && a.Status != 409 {
				t.Errorf("%d %s", a.Status, a.Body)
			}
		})
	}
	wg.Wait()
	for r.Do(t, "POST", acme, ada, body).Status == 201 {
	}
	listed := embeddedtest.JSON[[]api.Webhook](t, r.Do(t, "GET", acme, ada, nil).Want(t, 200))
	if len(listed) != catalog.MaxWebhooks {
		t.Errorf("there are %d webhooks", len(listed))
	}
	r.Do(t, "DELETE", fmt.Sprint(acme, "/", listed[7].ID), ada, nil).Want(t, 200)
	r.Do(t, "POST", acme, ada, body).Want(t, 201)
	r.Do(t, "POST", platform, root, body).Want(t, 201)
}

// Platform admins manage the platform's webhooks, admins and owners their organization's, and nobody
// reaches one by the wrong path.
func TestWhoManagesWebhooks(t *testing.T) {
	r, root, ada := start(t)
	admin, member := r.Member(t, ada, "acme", "eve", "admin"), r.Member(t, ada, "acme", "bob", "member")
	outsider := r.Person(t, "mallory")
	r.Organization(t, outsider, "other")
	program := r.ServiceAccount(t, ada, nil).Token
	ours, theirs := hook(t, r, root, platform, "https://example.com/", "box.created"), hook(t, r, ada, acme, "https://example.com/", "box.created")
	for _, c := range []struct {
		who, token   string
		ours, theirs int
	}{
		{"the platform admin", root, 200, 200}, {"the owner", ada, 403, 200}, {"an admin", admin, 403, 200},
		{"a member", member, 403, 403}, {"an outsider", outsider, 403, 404}, {"a program", program, 403, 403}, {"a stranger", "", 401, 401},
	} {
		for path, want := range map[string]int{
			platform: c.ours, ours: c.ours, ours + "/deliveries": c.ours, acme: c.theirs, theirs: c.theirs, theirs + "/deliveries": c.theirs,
		} {
			if a := r.Do(t, "GET", path, c.token, nil); a.Status != want {
				t.Errorf("%s is answered %d at %s, want %d", c.who, a.Status, path, want)
			}
		}
	}
	for _, wrong := range []string{
		strings.Replace(theirs, acme, platform, 1), strings.Replace(ours, platform, acme, 1),
	} {
		r.Do(t, "GET", wrong, root, nil).WantError(t, 404, "NOT_FOUND")
		r.Do(t, "GET", wrong+"/deliveries", root, nil).WantError(t, 404, "NOT_FOUND")
		r.Do(t, "POST", wrong+"/ping", root, nil).WantError(t, 404, "NOT_FOUND")
	}
	r.Do(t, "GET", strings.Replace(theirs, "acme", "other", 1), outsider, nil).WantError(t, 404, "NOT_FOUND")
}

// A later organization of the same name has none of its webhooks, and hears nothing of theirs.
func TestWebhooksGoWithTheirOrganization(t *testing.T) {
	r, _, ada := start(t)
	to := receive(t)
	one := hook(t, r, ada, acme, to.URL)
	r.Do(t, "DELETE", "/api/organization/acme", ada, nil).Want(t, 200)
	settle(t, r)
	r.Organization(t, ada, "acme")
	to.take()
	r.Box(t, ada, "acme", "debian", true)
	settle(t, r)
	if got := to.events(); len(got) != 0 {
		t.Errorf("it was told of %q", got)
	}
	r.Do(t, "GET", one, ada, nil).WantError(t, 404, "NOT_FOUND")
	if got := string(r.Do(t, "GET", acme, ada, nil).Want(t, 200).Body); got != "[]" {
		t.Errorf("the new organization has %s", got)
	}
}
