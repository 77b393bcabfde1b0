package registry_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/registry"
)

func TestWhatLeadsToTheBuildOfABox(t *testing.T) {
	for _, c := range []struct {
		check     func(string) error
		good, bad []string
	}{
		{registry.CheckRepository, []string{"", "owner/repo", "a/.github", "A-1/b_c.d"},
			[]string{"owner", "/repo", "owner/", "a/b/c", "a b/c", "../x", "https://github.com/a/b", strings.Repeat("a", 40) + "/b", "a/b\n"}},
		{registry.CheckWorkflow, []string{"", "build.yml", "a_b-c.d.yaml"},
			[]string{"build", ".yml", "../build.yml", "a/b.yml", "build.yml ", strings.Repeat("a", 100) + ".yml"}},
		{registry.CheckLink, []string{"", "https://ci.example.com/job/1?x=y#z", "http://127.0.0.1:8080"},
			[]string{"javascript:alert(1)", "data:text/html,x", "ci.example.com", "//ci.example.com", "https://", "https://user:secret@ci.example.com/", "https://a b", "https://x/" + strings.Repeat("a", 2048)}},
	} {
		for _, s := range c.good {
			if err := c.check(s); err != nil {
				t.Errorf("%q %v", s, err)
			}
		}
		for _, s := range c.bad {
			if c.check(s) == nil {
				t.Errorf("%q passes", s)
			}
		}
	}
}

func TestOfMetadataTheKnownKeysAreKept(t *testing.T) {
	m := registry.BoxMetadata{"distro": "debian", "cpus": 2.0, "disks": []any{map[string]any{"size": 20.0}}, "evil": "x", "os_name": nil}
	if got := slices.Sorted(maps.Keys(m.Known())); !slices.Equal(got, []string{"cpus", "disks", "distro"}) {
		t.Errorf("kept are %v", got)
	}
	if got := (registry.BoxMetadata{"evil": "x"}).Known(); got != nil {
		t.Errorf("kept is %v", got)
	}
	if err := (registry.BoxMetadata{"distro": strings.Repeat("x", 16<<10)}).Check(); err == nil {
		t.Error("17 KB pass")
	}
}
