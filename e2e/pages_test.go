package e2e

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/api"
)

// recipient opens the links of letters in a browser, with nothing else to go on by.
type recipient struct {
	*tab
	registry string
	box      *postbox
	ada      owner
	bob      string // who has no account yet
}

// TestLettersInABrowser goes through all that letters ask for in a browser alone. It asks nobody but the registry, has
// nothing to complain about, and keeps no token in an address.
func TestLettersInABrowser(t *testing.T) {
	t.Parallel()
	b := newTab(t)
	at, root, box := mailing(t)
	ada, in := signUp(t, at, "ada")
	ada.org = unique("acme")
	r := recipient{b, at, box, ada, unique("bob")}
	address := mailOf(ada.name)
	r.confirms(t, address, address+" is proven")
	r.forgets(t, address)
	in.Password = "another battery"
	r.ada.token = must[api.Session](t)(ada.SignIn(t.Context(), in)).AccessToken
	r.isInvited(t)
	r.joins(t)
	r.answers(t, root)
	b.wantQuiet(t, at)
}

// follow opens the link of the next letter. What may be in its address is gone from there once the page is.
func (r recipient) follow(t *testing.T, to, heading string) {
	t.Helper()
	_, at := r.box.next(t, to)
	r.open(t, at)
	r.wantText(t, "h1", heading)
	until(t, "the address has no query", func() bool { return r.is(t, "location.search === ''") })
	if !r.is(t, "history.length > 0 && !performance.getEntriesByType('resource').some(e => e.name.includes('token='))") {
		t.Errorf("something of %s was asked for with the token", at)
	}
}

// confirms says by a click that an address is one's own; the letter is good once.
func (r recipient) confirms(t *testing.T, to, told string) {
	t.Helper()
	r.follow(t, to, "Prove your address")
	r.click(t, "#form button:enabled")
	r.wantText(t, "#told.good", told)
	r.wantText(t, "#next", "boxvault login "+r.registry)
	r.open(t, r.registry+"/ui/verify-mail?token=none")
	r.click(t, "#form button:enabled")
	r.wantText(t, "#told.bad", "The link of the letter is not valid")
	r.open(t, r.registry+"/ui/verify-mail")
	r.wantText(t, "#told.bad", "The link is not whole")
}

// forgets the password, asks for a letter and sets another by it.
func (r recipient) forgets(t *testing.T, address string) {
	t.Helper()
	r.open(t, r.registry+"/ui/forgot-password")
	r.wantText(t, "h1", "Forgotten password")
	r.enter(t, "#email", "nonsense")
	r.click(t, "#form button:enabled")
	r.wantText(t, "#email-wrong", "E-mail address ")
	if !r.is(t, "document.activeElement.id === 'email' && document.activeElement.getAttribute('aria-invalid') === 'true'") {
		t.Error("who wrote no address is not led to the field")
	}
	r.is(t, "document.querySelector('#email').value = ''")
	r.enter(t, "#email", address)
	r.click(t, "#form button:enabled")
	r.wantText(t, "#told.good", "a letter is on its way")

	r.follow(t, address, "Set another password")
	r.enter(t, "#password", "short")
	r.click(t, "#form button:enabled")
	r.wantText(t, "#password-wrong", "New password must have 8 to 1024 characters.")
	r.is(t, "document.querySelector('#password').value = ''")
	r.enter(t, "#password", "another battery")
	r.click(t, "#form button:enabled")
	r.wantText(t, "#told.good", "The password is set.")
	if r.is(t, "document.querySelector('#password').value !== ''") {
		t.Error("the password is still in the page")
	}
	r.box.next(t, address) // that it was changed
}

// isInvited makes an account by the letter of an invitation.
func (r recipient) isInvited(t *testing.T) {
	t.Helper()
	r.comesTooLate(t)
	r.invites(t, r.ada.org)
	r.enter(t, "#username", r.ada.name)
	r.enter(t, "#password", password)
	r.click(t, "#form button:enabled")
	r.wantText(t, "#told.bad", ".") // the name is taken
	r.is(t, "document.querySelector('#username').value = ''")
	r.enter(t, "#username", r.bob)
	r.click(t, "#form button:enabled")
	r.wantText(t, "#told.good", "registered successfully")
	must[api.Session](t)(newClient(t, r.registry, "").SignIn(t.Context(), api.SignIn{Username: r.bob, Password: password}))
}

// comesTooLate opens an invitation that is withdrawn before it is used: what is refused is in no field that one sees. The
// page loaded again has no token.
func (r recipient) comesTooLate(t *testing.T) {
	t.Helper()
	org := unique("gone")
	r.invites(t, org)
	for _, i := range must[[]api.Invitation](t)(r.ada.Invitations(t.Context(), org)) {
		if err := r.ada.WithdrawInvitation(t.Context(), i.ID); err != nil {
			t.Fatal(err)
		}
	}
	r.enter(t, "#username", r.bob)
	r.enter(t, "#password", password)
	r.click(t, "#form button:enabled")
	r.wantText(t, "#told.bad", "The invitation is not valid: it was used or withdrawn")
	call[any](t, r.tab, "Page.reload", nil)
	r.wantText(t, "h1", "The link is not whole")
}

// invites has ada invite bob to a new organization, and opens what he gets.
func (r recipient) invites(t *testing.T, org string) {
	t.Helper()
	must[api.Organization](t)(r.ada.CreateOrganization(t.Context(), api.OrganizationInput{Name: &org}))
	must[api.Invited](t)(r.ada.Invite(t.Context(), api.InviteInput{Email: mailOf(r.bob), OrganizationName: org}))
	r.follow(t, mailOf(r.bob), "Join "+org)
}

// joins another organization with the account that there is.
func (r recipient) joins(t *testing.T) {
	t.Helper()
	r.invites(t, unique("umbrella"))
	r.enter(t, "#own-username", r.bob)
	r.enter(t, "#own-password", "wrong")
	r.click(t, "#own button:enabled")
	r.wantText(t, "#told.bad", ".")
	r.is(t, "document.querySelector('#own-password').value = ''")
	r.enter(t, "#own-password", password)
	r.click(t, "#own button:enabled")
	r.wantText(t, "#told.good", "You are a member now.")
	bob := newClient(t, r.registry, "")
	must[api.Session](t)(bob.SignIn(t.Context(), api.SignIn{Username: r.bob, Password: password}))
	if list := must[[]api.UserOrganization](t)(bob.UserOrganizations(t.Context())); len(list) != 2 {
		t.Errorf("bob is in %+v", list)
	}
}

// answers has somebody ask to join, and the owner approve that on the page that the letter leads to.
func (r recipient) answers(t *testing.T, root owner) {
	t.Helper()
	org := r.ada.org
	askJSON(t, "PUT", r.registry+"/api/organization/"+org+"/access-mode", r.ada.token, api.AccessModeInput{AccessMode: "request_to_join"}).want(t, 200)
	for i := range 51 { // one more than a page has
		r.ada.box(t, fmt.Sprintf("box%02d", i), true)
	}
	askJSON(t, "POST", r.registry+"/api/organization/"+org+"/requests", root.token, api.JoinRequestInput{Message: "<b>please</b>"}).want(t, 201)
	r.follow(t, mailOf(r.ada.name), org)
	r.wantText(t, "#list a", org+"/box49")
	r.click(t, "#more")
	r.wantText(t, "#list a", org+"/box50")
	r.wantText(t, "#add", "vagrant box add "+r.registry+"/"+org+"/box00")
	r.click(t, "#admins summary")
	r.enter(t, "#username", r.ada.name)
	r.enter(t, "#password", "wrong")
	r.click(t, "#form button:enabled")
	r.wantText(t, "#told.bad", ".")
	r.is(t, "document.querySelector('#password').value = ''")
	r.enter(t, "#password", "another battery")
	r.click(t, "#form button:enabled")
	r.wantText(t, "#requests p", "<b>please</b>") // as text
	r.click(t, "#requests button[aria-label='Approve "+root.name+"']")
	r.wantText(t, "#told.good", "A member now: "+root.name+".")
	r.wantText(t, "#none", "Nobody asks to join")
	r.click(t, "#leave")
	until(t, "the form is back", func() bool { return r.is(t, "!document.querySelector('#form').hidden") })
	r.open(t, r.registry+"/ui/organizations/"+url.PathEscape("none <b>"))
	r.wantText(t, "#about", "no organization of that name")
	r.wantText(t, "h1", "none <b>")
	r.open(t, r.registry+"/ui/organizations")
	r.wantText(t, "#about", "at the end of the address")
	r.wantText(t, "h1", "Which organization?")
	if r.is(t, "document.cookie !== '' || localStorage.length > 0 || sessionStorage.length > 0") {
		t.Error("the pages keep something")
	}
}

// screens are those that the pages must fit: in CSS pixels.
var screens = []int{390, 1280}

// TestPagesFitTheScreen holds all pages against the width of a small screen and a large one, in the light and in the dark,
// and their fields against what screen readers read.
func TestPagesFitTheScreen(t *testing.T) {
	t.Parallel()
	b := newTab(t)
	o := newOwner(t, target.URL)
	o.box(t, "a-box-with-a-name-that-is-as-long-as-names-of-boxes-are-now-and-then", true)
	pages := []string{"/ui/", "/ui/forgot-password", "/ui/reset-password?token=t", "/ui/verify-mail?token=t", "/ui/change-email?token=t", "/ui/none", "/register", "/register?token=none", "/ui/organizations/" + o.org}
	for _, page := range pages {
		for _, width := range screens {
			b.looks(t, width, "dark")
			b.open(t, target.URL+page)
			b.wantText(t, "main", " ")
			until(t, page+" is loaded", func() bool { return b.is(t, "document.readyState === 'complete'") })
			if !b.is(t, "document.documentElement.scrollWidth <= innerWidth") {
				t.Errorf("%s is wider than %d", page, width)
			}
			if !b.is(t, "getComputedStyle(document.body).backgroundColor === 'rgb(16, 22, 29)'") {
				t.Errorf("%s is not dark in the dark", page)
			}
			if !b.is(t, "Array.from(document.querySelectorAll('input')).every(i => i.type === 'hidden' || i.labels.length > 0)") {
				t.Errorf("%s has a field without a label", page)
			}
		}
	}
	if !b.is(t, "document.title.includes("+quote(t, o.org)+")") || strings.Contains(o.org, " ") {
		t.Error("the page of the organization does not say its name")
	}
	b.wantQuiet(t, target.URL)
}
