package coretest

import (
	"context"
	"slices"
	"testing"

	"github.com/boxvault/boxvault/shared/registry"
)

// LastToken is the token in the link of the last letter of a kind that waits to be sent.
func (r *Registry) LastToken(t testing.TB, kind registry.LetterKind) (token string) {
	t.Helper()
	for _, l := range r.Letters(t) {
		if l.Kind != kind {
			continue
		}
		var err error
		if token, err = r.Core.Tokens.Ticket(context.WithoutCancel(t.Context()), *l.Ticket); err != nil {
			t.Fatal(err)
		}
	}
	if token == "" {
		t.Fatalf("no letter %q waits to be sent", kind)
	}
	return token
}

// Letters are those that wait to be sent, in their order.
func (r *Registry) Letters(t testing.TB) (list []registry.Letter) {
	t.Helper()
	due, err := r.Core.Catalog.Due(context.WithoutCancel(t.Context()), 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range due {
		if d.Letter != nil {
			list = append(list, *d.Letter)
		}
	}
	slices.SortFunc(list, func(a, b registry.Letter) int { return a.At.Compare(b.At) })
	return list
}

// WantLetter fails the test unless the last letter of a kind that waits to be sent is to the address.
func (r *Registry) WantLetter(t testing.TB, kind registry.LetterKind, to string) (last registry.Letter) {
	t.Helper()
	for _, l := range r.Letters(t) {
		if l.Kind == kind {
			last = l
		}
	}
	if last.To != to {
		t.Fatalf("the last letter %q is to %q, want %q", kind, last.To, to)
	}
	return last
}

// WantEvent fails the test unless something of a type has happened.
func (r *Registry) WantEvent(t testing.TB, want registry.EventType) {
	t.Helper()
	list, _, err := r.Core.Catalog.AuditOfAll(context.WithoutCancel(t.Context()), "", 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		if e.Type == want {
			return
		}
	}
	t.Errorf("nothing tells of %s", want)
}

// LettersTo are the letters of a kind to an address that wait to be sent, the oldest first.
func (r *Registry) LettersTo(t testing.TB, kind registry.LetterKind, address string) (list []registry.Letter) {
	t.Helper()
	for _, l := range r.Letters(t) {
		if l.Kind == kind && l.To == address {
			list = append(list, l)
		}
	}
	return list
}

// MailedToken is the token in the link of the last of these letters.
func (r *Registry) MailedToken(t testing.TB, kind registry.LetterKind, address string) string {
	t.Helper()
	list := r.LettersTo(t, kind, address)
	if len(list) == 0 {
		t.Fatalf("no letter %q to %s waits to be sent", kind, address)
	}
	token, err := r.Core.Tokens.Ticket(context.WithoutCancel(t.Context()), *list[len(list)-1].Ticket)
	if err != nil {
		t.Fatal(err)
	}
	return token
}
