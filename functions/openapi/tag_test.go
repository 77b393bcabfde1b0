package openapi

import (
	"math/rand/v2"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/registry"
)

// A word that says less or more than the rule it stands for sends clients astray.
func TestKnownWordsSayWhatTheRegistryRefuses(t *testing.T) {
	for word, check := range map[string]func(string) error{
		"name":     registry.CheckName,
		"version":  func(s string) error { _, err := registry.ParseNumber(s); return err },
		"password": registry.CheckPassword,
	} {
		s := known[word]
		pattern := regexp.MustCompile(s.Pattern)
		for _, text := range texts(2000) {
			said := pattern.MatchString(text) && int64(len(text)) >= *s.MinLength && int64(len(text)) <= *s.MaxLength
			if err := check(text); said != (err == nil) {
				t.Errorf("%s takes %q: %v, and the registry says %v", word, text, said, err)
			}
		}
	}
	for text, taken := range map[string]bool{strings.Repeat("a", 242) + "@example.com": true, strings.Repeat("a", 243) + "@example.com": false} {
		if (int64(len(text)) <= *known["email"].MaxLength) != taken || (registry.CheckEmail(text) == nil) != taken {
			t.Errorf("an e-mail address of %d bytes", len(text))
		}
	}
}

// texts are near to names and version numbers, and at the borders of their lengths.
func texts(n int) []string {
	list := []string{"", "v", "V1", "1..2", "a\n", "é", "1.0.0-rc1", "v1.2.3"}
	for _, length := range []int{7, 8, 99, 100, 102, 1024, 1025} {
		list = append(list, strings.Repeat("7", length))
	}
	random := rand.New(rand.NewPCG(1, 2))
	const letters = "aZ09.-_ v"
	for range n {
		text := make([]byte, random.IntN(9))
		for i := range text {
			text[i] = letters[random.IntN(len(letters))]
		}
		list = append(list, string(text))
	}
	return list
}

func TestTagsThatSayNothingAreRefused(t *testing.T) {
	for _, f := range reflect.VisibleFields(reflect.TypeFor[struct {
		Word  string `schema:"nmae"`
		Name  string `schema:"maxlength=1"`
		Value string `schema:"maxLength=many"`
	}]()) {
		if err := constrain(&Schema{Type: "string"}, f); err == nil || !strings.Contains(err.Error(), f.Tag.Get("schema")) {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
}
