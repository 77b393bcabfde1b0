package e2e

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/shared/api"
)

var fuzzFlag = flag.Int("examples", 3, "how many requests of every kind the fuzzer makes of every operation, at the most")

// TestFuzz has schemathesis make requests of every row, good ones and bad ones, from the description
// of the API: no answer is a fault of ours, and each is one that the description tells of. `make fuzz`
// makes more of them.
func TestFuzz(t *testing.T) {
	t.Parallel()
	f := newFuzzer(t)
	newGarden(t, f).tend(t)
	out := f.run(t, f.url+"/api/openapi.json", "--max-examples", strconv.Itoa(*fuzzFlag))
	if out.code != 0 {
		t.Errorf("the API and its description do not agree:\n%s%s", out.stdout, out.stderr)
	}
	for _, line := range f.log.Faults() {
		t.Errorf("the registry logged a fault: %s", line)
	}
	rows := functions.Routes()
	var failed []string
	for _, row := range rows {
		if !f.log.Succeeded(row.Name) {
			failed = append(failed, row.Name)
		}
	}
	t.Logf("of %d rows these were never called with success: %q", len(rows), failed)
	if len(failed) > len(rows)/2 {
		t.Error("those are so many that most of the registry was not tried")
	}
}

// TestTheFuzzerFindsWhatIsNotDescribed makes sure that it looks at all.
func TestTheFuzzerFindsWhatIsNotDescribed(t *testing.T) {
	t.Parallel()
	f := newFuzzer(t)
	newGarden(t, f)
	described := read[map[string]any](t, ask(t, "GET", f.url+"/openapi.json", nil).want(t, 200))
	for _, c := range []struct {
		words string
		spoil func(operation, schemas map[string]any)
	}{
		{"Undocumented status code", func(o, _ map[string]any) {
			responses := o["responses"].(map[string]any)
			responses["299"] = responses["200"]
			delete(responses, "200")
		}},
		{"Response violates schema", func(_, schemas map[string]any) {
			schemas["User"].(map[string]any)["required"] = []string{"shoeSize"}
		}},
	} {
		raw := must[[]byte](t)(json.Marshal(described))
		spoiled := decode[map[string]any](t, string(raw))
		c.spoil(spoiled["paths"].(map[string]any)["/api/user"].(map[string]any)["get"].(map[string]any),
			spoiled["components"].(map[string]any)["schemas"].(map[string]any))
		path := filepath.Join(t.TempDir(), "openapi.json")
		if err := os.WriteFile(path, must[[]byte](t)(json.Marshal(spoiled)), 0o600); err != nil {
			t.Fatal(err)
		}
		f.run(t, path, "--url", f.url, "--max-examples", "1", "--include-operation-id", "ReadUser").fails(t, c.words)
	}
}

// fuzzer is schemathesis and a registry that it has for itself, whose rows do not count as called.
type fuzzer struct {
	command
	program string
	url     string
	token   string // of the platform admin
	log     *Log
}

func newFuzzer(t *testing.T) *fuzzer {
	t.Helper()
	needOwn(t)
	f := &fuzzer{program: tool(t, "py/bin/schemathesis"), log: &Log{}}
	p := must[*Process](t)(Serve(ServeOptions{Binary: target.Binary, Data: t.TempDir(), Log: f.log}))
	t.Cleanup(func() {
		if err := p.Stop(); err != nil {
			t.Error(err)
		}
	})
	f.url, f.dir = p.URL, t.TempDir()
	admin := newPerson(t, f.url) // the first one
	stay := api.SignIn{Username: admin.name, Password: password, StayLoggedIn: true}
	f.token = must[api.Session](t)(admin.SignIn(t.Context(), stay)).AccessToken
	f.longest = time.Duration(5+*fuzzFlag) * time.Minute // where others use the machine too
	f.env = []string{"BOXVAULT_TOKEN=" + f.token, "BOXVAULT_OTHER_TOKEN=" + newPerson(t, f.url).token}
	config := must[[]byte](t)(os.ReadFile("testdata/schemathesis.toml"))
	if err := os.WriteFile(filepath.Join(f.dir, "schemathesis.toml"), config, 0o600); err != nil {
		t.Fatal(err)
	}
	return f
}

// run lets the fuzzer make requests; the same seed makes the same ones.
func (f *fuzzer) run(t *testing.T, description string, flags ...string) ran {
	t.Helper()
	args := []string{"--config-file", "schemathesis.toml", "run", description, "--phases", "examples,coverage,fuzzing,stateful", "--seed", "1"}
	return f.command.run(t, f.program, append(args, flags...)...)
}
