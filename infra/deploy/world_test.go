package deploy_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// world is what a person has: programs by name, each the text of a script or absent, and what is kept in
// cdk.context.json.
type world struct {
	programs map[string]string
	kept     string
}

// absent is a program that is not there.
const absent = "absent"

const (
	stream = "arn:aws:dynamodb:eu-central-1:123456789012:table/T-1/stream/2026"

	// knownToAWS has credentials, a region, the CDK's set-up and a stack.
	knownToAWS = `case "$*" in
"configure get region") echo eu-central-1;;
"sts get-caller-identity"*) echo 123456789012;;
"ssm get-parameter "*) echo 21;;
*"OutputKey=='Table'"*) echo T-1;;
*"OutputKey=='Bucket'"*) echo b-1;;
"cloudformation describe-stacks --stack-name "*Edge|"cloudformation describe-stacks --stack-name "*Relay|"cloudformation describe-stacks --stack-name "*"EdgeWatch --region us-east-1") exit 254;;
"ssm get-parameters-by-path --path /BoxVault "*) printf '/BoxVault/token-secret\t/BoxVault/key\n';;
"dynamodb describe-table"*) echo ` + stream + `;;
"cloudformation delete-stack"*|"cloudformation wait"*) ;;
"lambda invoke --function-name BoxVault-Rotate"*) echo '[{"id":"one","since":"1970-01-01T00:00:00Z"},{"id":"two","since":"2026-11-22T10:15:00Z"}]'; echo None;;
*) echo "unknown: $*" >&2; exit 2;;
esac`

	// cdk writes what a deployment puts out.
	cdk = `case "$*" in *" deploy "*) echo '{"BoxVault":{"Table":"T-1","ApiUrl":"https://api.example"}}' > "${@: -1}";; esac`
)

// home is a machine that has everything. Building takes a minute, so go and make are no real ones: what
// go builds here is a program that says which context it was given.
func home() world {
	return world{programs: map[string]string{
		"aws": knownToAWS, "npx": cdk, "make": "", "docker": "",
		"go": `printf '#!/usr/bin/env bash\necho "context $CDK_CONTEXT_JSON" >> "$CALLS"\n%s\n' "${SYNTH:-}" > "$3"; chmod +x "$3"`,
	}}
}

func (w world) with(program, script string) world {
	w.programs[program] = script
	return w
}

func (w world) keeping(context string) world {
	w.kept = context
	return w
}

// run starts a script of a copy of the tree, and returns what it said and which programs it called.
func (w world) run(t *testing.T, script, stdin string, env ...string) (said, calls string, err error) {
	t.Helper()
	top := t.TempDir()
	bin := filepath.Join(top, "bin")
	copyTree(t, top)
	for _, name := range []string{"bash", "env", "dirname", "sed", "grep", "cat", "chmod", "node"} {
		if _, faked := w.programs[name]; !faked {
			link(t, name, bin)
		}
	}
	for name, text := range w.programs {
		if text != absent {
			write(t, filepath.Join(bin, name), "#!/usr/bin/env bash\necho \""+name+" $*\" >> \"$CALLS\"\n"+text+"\n")
		}
	}
	if w.kept != "" {
		write(t, filepath.Join(top, "infra/cdk.context.json"), w.kept)
	}
	log := filepath.Join(top, "calls")
	write(t, log, "")
	cmd := exec.Command(filepath.Join(top, "infra/deploy", script))
	cmd.Env = append([]string{"PATH=" + bin, "HOME=" + top, "CALLS=" + log}, env...)
	cmd.Stdin = strings.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	made, readErr := os.ReadFile(log)
	if readErr != nil {
		t.Fatal(readErr)
	}
	return string(out), string(made), err
}

func copyTree(t *testing.T, top string) {
	t.Helper()
	for _, path := range []string{"Makefile", "infra/README.md", "infra/deploy/account", "infra/deploy/deploy", "infra/deploy/destroy", "infra/deploy/rotate"} {
		raw, err := os.ReadFile(filepath.Join("../..", path))
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(top, path), string(raw))
	}
	if err := os.Mkdir(filepath.Join(top, "build"), 0o755); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

func link(t *testing.T, name, bin string) {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not here", name)
	}
	if err := os.MkdirAll(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(path, filepath.Join(bin, name)); err != nil {
		t.Fatal(err)
	}
}

// refuses is knownToAWS, but for one call.
func refuses(call, reply string) string {
	return `case "$*" in "` + call + `"*) ` + reply + `;; esac` + "\n" + knownToAWS
}

func wantInOrder(t *testing.T, calls string, want ...string) {
	t.Helper()
	rest := calls
	for _, call := range want {
		_, after, found := strings.Cut(rest, call)
		if !found {
			t.Fatalf("%q was not called, or not in its turn:\n%s", call, calls)
		}
		rest = after
	}
}
