package settings_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/settings"
)

// full has a value of its own in every field.
func full() (s settings.Settings) {
	v := reflect.ValueOf(&s).Elem()
	for i := range v.NumField() {
		v.Field(i).SetString("value of " + v.Type().Field(i).Name)
	}
	return s
}

func getenv(env map[string]string) func(string) string {
	return func(name string) string { return env[name] }
}

func TestRoundTrip(t *testing.T) {
	minimal := settings.Settings{Table: "boxvault", Bucket: "boxes", SecretParameter: "/boxvault/secret"}
	for _, want := range []settings.Settings{full(), minimal} {
		got, err := settings.Read(getenv(want.Environment()))
		if err != nil || got != want {
			t.Errorf("read %+v, %v; written was %+v", got, err, want)
		}
	}
}

// TestOnlySet: infra writes no variable that has no value.
func TestOnlySet(t *testing.T) {
	got := settings.Settings{Table: "boxvault", URL: "https://boxes.example.com"}.Environment()
	want := map[string]string{"BOXVAULT_TABLE": "boxvault", "BOXVAULT_URL": "https://boxes.example.com"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the environment is %v, want %v", got, want)
	}
}

func TestRequired(t *testing.T) {
	required := map[string]bool{"BOXVAULT_TABLE": true, "BOXVAULT_BUCKET": true, "BOXVAULT_SECRET_PARAMETER": true}
	for name := range full().Environment() {
		env := full().Environment()
		delete(env, name)
		_, err := settings.Read(getenv(env))
		if required[name] != (err != nil) {
			t.Errorf("without %s: %v", name, err)
		}
		if err != nil && !strings.Contains(err.Error(), name) {
			t.Errorf("the error does not name %s: %v", name, err)
		}
	}
}

// TestTags: a field without a tag would be read from the variable "", and two with the same tag
// would overwrite each other.
func TestTags(t *testing.T) {
	seen := map[string]string{}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[settings.Settings]()) {
		name := f.Tag.Get("env")
		if !strings.HasPrefix(name, "BOXVAULT_") {
			t.Errorf("%s has the variable %q, which does not begin with BOXVAULT_", f.Name, name)
		}
		if other := seen[name]; other != "" {
			t.Errorf("%s and %s have the variable %s", other, f.Name, name)
		}
		seen[name] = f.Name
	}
}
