package client_test

import (
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

func TestTheClientGoesOnAfterAChangeOfPassword(t *testing.T) {
	r := embeddedtest.Start(t)
	c := ada(t, r)
	me, err := c.User(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.ChangePassword(t.Context(), me.ID, api.ChangePassword{CurrentPassword: "a wrong one", NewPassword: "another battery"})
	wantKind(t, err, registry.Invalid)
	if _, err := c.ChangePassword(t.Context(), me.ID, api.ChangePassword{CurrentPassword: embeddedtest.Password, NewPassword: "another battery"}); err != nil {
		t.Fatal(err)
	}
	if err := c.ChangeName(t.Context(), me.ID, "Ada"); err != nil {
		t.Errorf("the new session is not used: %v", err)
	}
	n := 0
	for a, err := range c.Accounts(t.Context()) {
		if err != nil || a.Name != "Ada" {
			t.Errorf("listed is %+v, %v", a, err)
		}
		n++
	}
	if n != 1 {
		t.Errorf("%d accounts are listed", n)
	}
	if err := c.SignOutEverywhere(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err = c.User(t.Context())
	wantKind(t, err, registry.Unauthenticated)
}
