package infra

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// deploy/deploy looks for the CDK's set-up before it builds, and so before there is a manifest to ask.
func TestTheScriptLooksForTheSetUpThatTheStackNeeds(t *testing.T) {
	s, err := registry()
	s = must(t, s, err)
	raw, err := os.ReadFile(filepath.Join(s.dir, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct {
		Artifacts map[string]struct {
			Properties struct {
				RequiresBootstrapStackVersion     int
				BootstrapStackVersionSsmParameter string
			}
		}
	}
	if err := json.Unmarshal(raw, &manifest); err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile("deploy/deploy")
	if err != nil {
		t.Fatal(err)
	}
	needs := manifest.Artifacts[s.Stack].Properties
	for _, want := range []string{fmt.Sprintf("\nbootstrap=%d ", needs.RequiresBootstrapStackVersion), needs.BootstrapStackVersionSsmParameter} {
		if !strings.Contains(string(script), want) {
			t.Errorf("the stack needs %+v, the script does not look for %s", needs, want)
		}
	}
}
