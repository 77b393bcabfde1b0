package client_test

import (
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/shared/registry"
)

func TestVersionsAreReleasedRevokedAndWatched(t *testing.T) {
	r := embeddedtest.Start(t)
	c := ada(t, r)
	ctx := t.Context()
	if _, err := push(ctx, c, boxFile(t, 1)); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time there is nothing to do
		if err := c.WatchBox(ctx, "acme", "debian12"); err != nil {
			t.Fatal(err)
		}
	}
	for w, err := range c.Watches(ctx) {
		if err != nil || w.Tag != "acme/debian12" || w.WatchedAt.IsZero() {
			t.Errorf("watched is %+v: %v", w, err)
		}
	}
	if err := c.UnwatchBox(ctx, "acme", "debian12"); err != nil {
		t.Error(err)
	}
	for w, err := range c.Watches(ctx) {
		t.Errorf("watched is %+v: %v", w, err)
	}
	if v, err := c.RevokeVersion(ctx, "acme", "debian12", "1.0.0"); err != nil || v.Status != "revoked" {
		t.Errorf("revoked, it is %+v: %v", v, err)
	}
	if v, err := c.ReleaseVersion(ctx, "acme", "debian12", "1.0.0"); err != nil || v.Status != "active" {
		t.Errorf("released, it is %+v: %v", v, err)
	}
	_, err := c.ReleaseVersion(ctx, "acme", "debian12", "9.0.0")
	wantKind(t, err, registry.NotFound)
}
