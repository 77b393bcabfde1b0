package template_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/functions/template"
)

func TestCfnLintAcceptsTheTemplate(t *testing.T) {
	lint := cfnLint(t)
	if out, err := lint(t, template.SAM(functions.Groups())); err != nil {
		t.Errorf("template.yaml: %v\n%s", err, out)
	}
	if out, err := lint(t, template.SAM(manyGroups(10, 20))); err != nil {
		t.Errorf("a folded template of 200 rows: %v\n%s", err, out)
	}
	wrong := bytes.Replace(template.SAM(groups), []byte("BillingMode: PAY_PER_REQUEST"), []byte("BillingMode: FREE"), 1)
	if _, err := lint(t, wrong); err == nil {
		t.Error("a template with a wrong value was accepted, so nothing is checked")
	}
}

// cfnLint returns a function that runs cfn-lint on a template.
func cfnLint(t *testing.T) func(*testing.T, []byte) (string, error) {
	program, err := filepath.Abs("../../build/tools/py/bin/cfn-lint")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(program); err != nil {
		if program, err = exec.LookPath("cfn-lint"); err != nil {
			t.Skip("cfn-lint is not installed: make tools installs it")
		}
	}
	return func(t *testing.T, raw []byte) (string, error) {
		path := filepath.Join(t.TempDir(), "template.yaml")
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(program, "--regions", "eu-central-1", "--", path).CombinedOutput()
		return string(out), err
	}
}
