package functions_test

import (
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/route"
)

// described is what the description says of answers, by path, method and status.
type described struct {
	Paths map[string]map[string]struct {
		Responses map[string]struct{ Content map[string]any }
	}
}

// The fuzzer gets into most rows, by chance; the walk goes by every one.
func TestEveryRowSucceedsAsDescribed(t *testing.T) {
	raw, err := os.ReadFile("description/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	var d described
	if err := json.Unmarshal(raw, &d); err != nil {
		t.Fatal(err)
	}
	r, find := coretest.Start(t), newFinder()
	walk(t, r, func(method, path, token string, body []byte, header ...string) embeddedtest.Answer {
		t.Helper()
		a := succeed(t, r, method, path, token, body, header...)
		_, described := route.Split(strings.Replace(find.pattern(t, method, path), "{$}", "", 1))
		answer, ok := d.Paths[strings.Replace(described, "...}", "}", 1)][strings.ToLower(method)].Responses[strconv.Itoa(a.Status)]
		contentType, _, _ := strings.Cut(a.Header.Get("Content-Type"), ";")
		if _, typed := answer.Content[contentType]; !ok || typed != (contentType != "") {
			t.Errorf("%s %s answered %d with %q, which is not described", method, path, a.Status, contentType)
		}
		return a
	})
}
