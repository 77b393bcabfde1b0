package registry_test

import (
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/registry"
)

func TestAVersionIsReleasedRevokedAndReleasedAgain(t *testing.T) {
	v := registry.Version{Number: "1.0.0", Status: registry.Unreleased, Hold: true}
	want := func(status registry.Status, changed bool) func(bool, error) {
		return func(got bool, err error) {
			t.Helper()
			if err != nil || got != changed || v.Status != status {
				t.Errorf("it is %s, changed %v, %v; want %s, %v", v.Status, got, err, status, changed)
			}
		}
	}
	_, err := v.Release(now)
	wantKind(t, err, registry.Conflict) // it has no file
	_, err = v.Revoke(now)
	wantKind(t, err, registry.Conflict) // it was never released
	place(t, &v, "virtualbox", "amd64")
	want(registry.Active, true)(v.Release(now))
	want(registry.Active, false)(v.Release(now))
	want(registry.Revoked, true)(v.Revoke(now))
	want(registry.Revoked, false)(v.Revoke(now))
	place(t, &v, "virtualbox", "arm64")
	if v.Status != registry.Revoked {
		t.Error("another file has released it again")
	}
	want(registry.Active, true)(v.Release(now))
}

func TestADeprecationNeedsAReason(t *testing.T) {
	yes, no, empty, long, why := true, false, "", strings.Repeat("ä", 513), "use 2.0.0"
	for _, c := range []struct {
		deprecated *bool
		reason     *string
		began, ok  bool
	}{
		{&yes, nil, false, false}, {&yes, &empty, false, false}, {&yes, &long, true, false},
		{&no, nil, false, true}, {nil, nil, false, true}, {&yes, &why, true, true}, {nil, &why, false, true},
	} {
		v := registry.Version{Description: "d"}
		began, err := v.Deprecate(c.deprecated, c.reason)
		if began != c.began || (err == nil) != c.ok {
			t.Errorf("%+v: began %v, %v", c, began, err)
		}
	}
	v := registry.Version{Description: "d"}
	for _, step := range []struct {
		deprecated *bool
		reason     *string
		began      bool
		notice     string
	}{
		{&yes, &why, true, "Deprecated: use 2.0.0\n\nd"}, {&yes, nil, false, "Deprecated: use 2.0.0\n\nd"},
		{&no, nil, false, "d"}, {&yes, nil, true, "Deprecated: use 2.0.0\n\nd"}, // for the stored reason
	} {
		if began, err := v.Deprecate(step.deprecated, step.reason); err != nil || began != step.began || v.Notice() != step.notice {
			t.Errorf("%+v: began %v, %v, %q", step, began, err, v.Notice())
		}
	}
	if _, err := v.Deprecate(nil, &empty); err == nil {
		t.Error("the reason of a deprecated version was taken away")
	}
}
