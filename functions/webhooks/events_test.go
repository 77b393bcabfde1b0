package webhooks_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
)

const (
	box  = "/api/organization/acme/box/debian"
	arch = box + "/version/1.0.0/provider/qemu/architecture/amd64"
)

// What is done, which events the platform's webhooks are told, and what of it acme's are told too.
func TestWhatWebhooksAreToldOf(t *testing.T) {
	r, root, ada := start(t)
	all, some := receive(t), receive(t)
	hook(t, r, root, platform, all.URL)
	hook(t, r, ada, acme, some.URL)
	bob := r.Person(t, "bob")
	id := r.Account(t, "bob").ID.String()
	program := r.ServiceAccount(t, ada, nil)
	settle(t, r)
	all.take()
	some.take()
	const onPlatform = "(platform) "
	for _, c := range []struct {
		token, method, path, body string
		want                      []string // event and what its data says
	}{
		{"", "POST", "/api/auth/signup", `{"username":"eve","email":"eve@example.com","password":"` + embeddedtest.Password + `"}`,
			[]string{onPlatform + "user.created username=eve email=eve@example.com"}},
		{bob, "POST", "/api/organization", `{"name":"other"}`, []string{onPlatform + "organization.created organization=other"}},
		{bob, "POST", "/api/organization/other/box", `{"name":"secret"}`, []string{onPlatform + "box.created organization=other box=secret"}},
		{ada, "PUT", "/api/organization/acme", `{"description":"boxes"}`, []string{"organization.updated organization=acme"}},
		{ada, "POST", "/api/organization/acme/members", `{"username":"bob"}`, []string{"member.added organization=acme username=bob role=member"}},
		{ada, "PUT", "/api/organization/acme/users/" + id + "/role", `{"role":"admin"}`, []string{"member.role_changed username=bob role=admin"}},
		{ada, "DELETE", "/api/organization/acme/members/" + id, "", []string{"member.removed organization=acme username=bob"}},
		{ada, "POST", "/api/service-accounts", `{"organization":"acme"}`, []string{"service_account.created organization=acme"}},
		{ada, "DELETE", fmt.Sprint("/api/service-accounts/", program.ID), "", []string{"service_account.deleted organization=acme username=" + program.Username}},
		{ada, "PUT", "/api/organization/acme/access-mode", `{"accessMode":"request_to_join"}`, []string{"organization.updated organization=acme"}},
		{bob, "POST", "/api/organization/acme/requests", `{}`, []string{"join_request.created organization=acme username=bob"}},
		{ada, "POST", "/api/auth/invite", `{"email":"new@example.com","organizationName":"acme"}`, []string{"invitation.created organization=acme email=new@example.com"}},
		{ada, "POST", acme, `{"url":"https://example.com/","events":["user.deleted"]}`, []string{"webhook.created organization=acme active=true"}},
		{ada, "POST", "/api/organization/acme/box", `{"name":"debian"}`, []string{"box.created organization=acme box=debian"}},
		{ada, "PUT", box, `{"description":"x"}`, []string{"box.updated organization=acme box=debian"}},
		{ada, "POST", box + "/version", `{"version":"1.0.0","release":false}`, []string{"version.created organization=acme box=debian version=1.0.0"}},
		{ada, "PUT", box + "/version/1.0.0", `{"description":"x"}`, []string{"version.updated organization=acme box=debian version=1.0.0"}},
		{ada, "POST", arch + "/file/upload", "the file", []string{"box.uploaded organization=acme box=debian version=1.0.0"}},
		{ada, "DELETE", arch + "/file/delete", "", []string{"file.deleted organization=acme box=debian version=1.0.0"}},
		{ada, "DELETE", box + "/version/1.0.0", "", []string{"version.deleted organization=acme box=debian version=1.0.0"}},
		{ada, "POST", arch + "/file/upload", "another file", []string{
			"box.released organization=acme box=debian version=1.0.0", "box.uploaded organization=acme box=debian version=1.0.0",
			"version.created organization=acme box=debian version=1.0.0",
		}},
		{ada, "PUT", box, `{"name":"debian13"}`, []string{"box.renamed organization=acme box=debian13 renamedFrom=debian"}},
		{ada, "DELETE", box + "13", "", []string{"box.deleted organization=acme box=debian13"}},
		{ada, "PUT", "/api/organization/acme", `{"name":"acme2"}`, []string{"organization.renamed organization=acme2 renamedFrom=acme"}},
	} {
		if a := r.Do(t, c.method, c.path, c.token, c.body); a.Status >= 300 {
			t.Fatalf("%s %s: %d %s", c.method, c.path, a.Status, a.Body)
		}
		settle(t, r)
		wantTold(t, c.path, all.take(), c.want)
		wantTold(t, c.path, some.take(), slices.DeleteFunc(c.want, func(s string) bool { return strings.HasPrefix(s, onPlatform) }))
	}
}

// wantTold holds the events that came, in any order, against their names with the data that counts.
func wantTold(t *testing.T, path string, got []told, want []string) {
	t.Helper()
	slices.SortFunc(got, func(a, b told) int { return strings.Compare(a.Event, b.Event) })
	if len(got) != len(want) {
		t.Errorf("%s: told of %+v, want %q", path, got, want)
		return
	}
	for i, one := range got {
		words := strings.Fields(strings.TrimPrefix(want[i], "(platform) "))
		if one.Event != words[0] {
			t.Errorf("%s: told of %s, want %s", path, one.Event, words[0])
		}
		for _, w := range words[1:] {
			name, value, _ := strings.Cut(w, "=")
			if fmt.Sprint(one.Data[name]) != value {
				t.Errorf("%s: %s has the data %v, want %s", path, one.Event, one.Data, w)
			}
		}
	}
}

// An organization's webhook hears of the organization with this id, whatever another is called.
func TestAWebhookIsToldWhatItAskedForOnly(t *testing.T) {
	r, root, ada := start(t)
	to := receive(t)
	hook(t, r, ada, acme, to.URL, "box.created", "box.deleted")
	created := r.Box(t, ada, "acme", "debian", false)
	r.Organization(t, root, "other")
	r.Box(t, root, "other", "secret", true)
	r.Do(t, "PUT", created, ada, `{"description":"x"}`).Want(t, 200)
	r.Do(t, "DELETE", created, ada, nil).Want(t, 200)
	settle(t, r)
	if got := to.events(); !slices.Equal(got, []string{"box.created", "box.deleted"}) {
		t.Errorf("told of %q", got)
	}
}

func TestAPingIsToldToOneWebhook(t *testing.T) {
	r, root, ada := start(t)
	to, other := receive(t), receive(t)
	hook(t, r, root, platform, other.URL)
	one := hook(t, r, ada, acme, to.URL, "box.created")
	other.take()
	r.Do(t, "POST", one+"/ping", ada, nil).Want(t, 202)
	settle(t, r)
	if got := to.take(); len(got) != 1 || got[0].Event != "webhook.pinged" || *got[0].Organization != "acme" || got[0].Actor.Username != "ada" {
		t.Errorf("told of %+v", got)
	}
	if got := other.events(); len(got) != 0 {
		t.Errorf("another was told of %q", got)
	}
}

// A receiver that takes its time holds up itself and nobody else.
func TestASlowReceiverHoldsUpNobodyElse(t *testing.T) {
	r, root, ada := start(t)
	slow, release := stuck(t)
	fast := receive(t)
	hook(t, r, root, platform, fast.URL, "box.created")
	r.Do(t, "POST", platform, root, map[string]any{"url": slow, "events": []string{"box.created"}}).Want(t, 201)
	const before, after = 20, 5
	makeBoxes(t, r, ada, 0, before)
	worked := work(t, r)
	until(t, "the first are told", func() bool { return fast.count() == before })
	makeBoxes(t, r, ada, before, after)
	until(t, "all are told, while a receiver keeps others waiting", func() bool { return fast.count() == before+after })
	release()
	until(t, "nothing is left", func() bool {
		due, err := r.Core.Catalog.Due(t.Context(), 1)
		return err == nil && len(due) == 0
	})
	worked()
}

func makeBoxes(t *testing.T, r *coretest.Registry, token string, from, n int) {
	t.Helper()
	for i := range n {
		r.Box(t, token, "acme", fmt.Sprint("box", from+i), false)
	}
}
