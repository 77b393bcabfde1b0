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

// A person who has SAM need not know the CDK: the template passes its checks, and building it is done before.
func TestSAMTakesTheTemplate(t *testing.T) {
	program := tool(t, "sam/bin/sam")
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "template.yaml"), template.SAM(functions.Groups()), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, g := range functions.Groups() {
		if err := os.MkdirAll(filepath.Join(dir, "build/lambda", g.Name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"validate", "--lint"}, {"build"}} {
		cmd := exec.CommandContext(t.Context(), program, args...)
		cmd.Dir = dir
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "AWS_DEFAULT_REGION=eu-central-1", "SAM_CLI_TELEMETRY=0"}
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("sam %s: %v\n%s", args, err, out)
		}
	}
}

// cfnLint returns a function that runs cfn-lint on a template.
func cfnLint(t *testing.T) func(*testing.T, []byte) (string, error) {
	program := tool(t, "py/bin/cfn-lint")
	return func(t *testing.T, raw []byte) (string, error) {
		path := filepath.Join(t.TempDir(), "template.yaml")
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(program, "--regions", "eu-central-1", "--", path).CombinedOutput()
		return string(out), err
	}
}

// tool returns where a program is: below build/tools, or where the shell finds it. Without it the test is skipped.
func tool(t *testing.T, path string) string {
	t.Helper()
	program, err := filepath.Abs(filepath.Join("../../build/tools", path))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(program); err == nil {
		return program
	}
	if program, err = exec.LookPath(filepath.Base(path)); err != nil {
		t.Skip(filepath.Base(path) + " is not installed: make tools installs it")
	}
	return program
}
