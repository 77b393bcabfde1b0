package infra

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The table of the README, the comments of the struct and what is read from the context are the same
// parameters, with the same defaults.
func TestEveryParameterIsDocumented(t *testing.T) {
	p := Defaults
	defaults := map[string]string{logDays: fmt.Sprint(p.LogDays)}
	for name, field := range p.named() {
		defaults[name] = *field
	}
	read := slices.Sorted(maps.Keys(defaults))

	inStruct := capture(t, "parameters.go", "`-c ([a-zA-Z0-9]+)=`")
	if names := slices.Sorted(maps.Keys(inStruct)); !slices.Equal(names, read) {
		t.Errorf("the struct's comments name %q, read are %q", names, read)
	}
	inReadme := map[string]string{}
	for names, value := range capture(t, "README.md", "(?m)^\\| (`[a-zA-Z0-9`, ]+`) \\| (.*?) ?\\|") {
		for name := range strings.SplitSeq(names, ", ") {
			inReadme[strings.Trim(name, "`")] = value
		}
	}
	if names := slices.Sorted(maps.Keys(inReadme)); !slices.Equal(names, read) {
		t.Errorf("the README has %q, read are %q", names, read)
	}
	for name, value := range defaults {
		if value != "" && inReadme[name] != "`"+value+"`" {
			t.Errorf("the README says that %s is %s by default, not %s", name, inReadme[name], value)
		}
	}
}

// capture returns the second group of each match by its first.
func capture(t *testing.T, path, pattern string) map[string]string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(string(raw), -1) {
		found[match[1]] = strings.Join(match[2:], "")
	}
	return found
}
