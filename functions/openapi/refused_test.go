package openapi

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/route"
)

// excused are fields that a row does not look at, or not at once, by row and field.
var excused = map[string]string{
	"UpdateOrganization organization": "it is another word for the name",
	"CreateOrganization organization": "it is another word for the name",
	"CreateVersion versionNumber":     "it is another word for the version",
	"UpdateVersion versionNumber":     "it is another word for the version",
	"BeginUpload fileName":            "it is looked at when all else is right",
}

// Whatever the description forbids of a field of a body, the registry refuses, and names the field.
func TestWhatTheDescriptionForbidsIsRefused(t *testing.T) {
	r, ada := coretest.Acme(t)
	r.Box(t, ada, "acme", "debian12", true)
	r.Upload(t, ada, "/api/organization/acme/box/debian12/version/1.0.0/provider/virtualbox/architecture/amd64", coretest.BoxFile(t, "virtualbox", "")).Want(t, 200)
	tried, needed := 0, map[string]bool{}
	for _, row := range functions.Routes() {
		for _, f := range jsonFields(row.Handler.Request) {
			for _, wrong := range forbidden(t, f) {
				method, path := route.Split(row.Pattern)
				body := map[string]any{f.name: wrong}
				a := r.Do(t, method, plausible(path), ada, body)
				if a.Status == 404 {
					continue // it is about something that is not there
				}
				tried++
				if key := row.Name + " " + f.name; names(a, f.name) {
					continue
				} else if needed[key] = true; excused[key] == "" {
					t.Errorf("%s with %s: %.60v was answered %d %s", row.Name, f.name, wrong, a.Status, a.Body)
				}
			}
		}
	}
	for key := range excused {
		if !needed[key] {
			t.Errorf("%s is refused and needs no excuse", key)
		}
	}
	if tried < 40 {
		t.Errorf("only %d values were tried", tried)
	}
}

// names reports whether an answer is a VALIDATION_ERROR about a field, among others.
func names(a embeddedtest.Answer, field string) bool {
	var e struct {
		Error   string
		Details map[string]any
		Errors  []string // in Vagrant Cloud's dialect: the field and what is wrong with it
	}
	if a.Status == 400 && strings.Contains(string(a.Body), `"field":"`+field+`"`) { // in that of HashiCorp's cloud
		return true
	}
	if json.Unmarshal(a.Body, &e) != nil {
		return false
	}
	plain := strings.ToLower(strings.ReplaceAll(field, "_", "")) // the words are the registry's own
	said := slices.ContainsFunc(e.Errors, func(s string) bool { return strings.HasPrefix(strings.ToLower(s), plain+" ") })
	return a.Status == 400 && said || e.Error == "VALIDATION_ERROR" && e.Details[field] != nil
}

// plausible is a path to what is there.
func plausible(path string) string {
	return regexp.MustCompile(`\{(\w+)(\.\.\.)?\}`).ReplaceAllStringFunc(path, func(name string) string {
		if example := usual[strings.Trim(name, "{}.")].example; example != nil {
			return fmt.Sprint(example)
		}
		return "7"
	})
}

// forbidden are values that the tag of a field rules out, just beyond what it allows.
func forbidden(t *testing.T, f jsonField) (list []any) {
	s, err := (&schemas{comments: newComments(top, ""), components: map[string]*Schema{}, names: map[reflect.Type]string{}}).property(f)
	if err != nil {
		t.Fatal(err)
	}
	if s.MaxLength != nil {
		list = append(list, strings.Repeat("a", int(*s.MaxLength)+1))
	}
	if s.MinLength != nil && *s.MinLength > 0 {
		list = append(list, strings.Repeat("a", int(*s.MinLength)-1))
	}
	if s.Pattern != "" {
		list = append(list, "-", "a b", "..")
	}
	if s.Enum != nil {
		list = append(list, "none of these")
	}
	if s.Minimum != nil {
		list = append(list, *s.Minimum-1)
	}
	if s.Maximum != nil {
		list = append(list, *s.Maximum+1)
	}
	if s.MinItems != nil && *s.MinItems > 0 {
		list = append(list, []int{})
	}
	if s.MaxItems != nil {
		list = append(list, make([]int, *s.MaxItems+1))
	}
	return list
}
