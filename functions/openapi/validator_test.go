package openapi

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/boxvault/boxvault/functions"
)

func TestAPublicValidatorAcceptsTheDescription(t *testing.T) {
	validate := validator(t)
	raw := generate(t, functions.Groups()...)
	if out, err := validate(t, raw); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	wrong := bytes.Replace(raw, []byte(`"in":"header"`), []byte(`"in":"footer"`), 1)
	if _, err := validate(t, wrong); err == nil || bytes.Equal(wrong, raw) {
		t.Error("a description with a wrong word was accepted, so nothing is checked")
	}
}

// validator returns a function that runs openapi-spec-validator on a description.
func validator(t *testing.T) func(*testing.T, []byte) (string, error) {
	program, err := filepath.Abs("../../build/tools/py/bin/openapi-spec-validator")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(program); err != nil {
		if program, err = exec.LookPath("openapi-spec-validator"); err != nil {
			t.Skip("openapi-spec-validator is not installed: make tools installs it")
		}
	}
	return func(t *testing.T, raw []byte) (string, error) {
		path := filepath.Join(t.TempDir(), "openapi.json")
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(program, "--schema", "3.1", path).CombinedOutput()
		return string(out), err
	}
}
