package deploy_test

import (
	"strings"
	"testing"
)

const sessions = `Keys of sessions:
  one signs from the beginning on
  two signs from 2026-11-22T10:15:00Z on
`

// withEdge has the stack of the edge, too.
func withEdge() world {
	return home().with("aws", refuses("cloudformation describe-stacks --stack-name BoxVaultEdge", "exit 0"))
}

func TestTheKeysThatThereAreAreRotated(t *testing.T) {
	const rotate = `--cli-binary-format raw-in-base64-out --payload {"rotate":true}`
	said, calls, err := home().run(t, "rotate", "")
	if err != nil || said != sessions || strings.Contains(calls, "BoxVault-RotateKeys") {
		t.Errorf("without an edge it ends with %v, says\n%sand called\n%s", err, said, calls)
	}
	said, calls, err = withEdge().run(t, "rotate", "")
	if err != nil || said != sessions+strings.Replace(sessions, "sessions", "links to files", 1) {
		t.Errorf("with an edge it ends with %v, says\n%s", err, said)
	}
	wantInOrder(t, calls, "lambda invoke --function-name BoxVault-RotateTokenKeys "+rotate, "lambda invoke --function-name BoxVault-RotateKeys "+rotate)
}

func TestAllSessionsAreEndedWhenThatIsSaid(t *testing.T) {
	said, calls, err := withEdge().run(t, "rotate", "", "END_ALL=true")
	if err != nil || said != sessions || strings.Contains(calls, "BoxVault-RotateKeys") {
		t.Errorf("it ends with %v, says\n%s", err, said)
	}
	wantInOrder(t, calls, `BoxVault-RotateTokenKeys --cli-binary-format raw-in-base64-out --payload {"endAll":true}`)
}

// The keys of links are rotated even if those of sessions are not.
func TestARotationThatIsRefusedSaysWhy(t *testing.T) {
	w := withEdge()
	said, _, err := w.with("aws", `case "$*" in *RotateTokenKeys*) echo '{"errorMessage":"the key \"one\" is new: rotate again","errorType":"errorString"}Unhandled'; exit 0;; esac`+"\n"+w.programs["aws"]).
		run(t, "rotate", "")
	if err == nil || !strings.HasPrefix(said, `Keys of sessions: the key \"one\" is new: rotate again`+"\n") || !strings.Contains(said, "Keys of links to files:\n  one signs") {
		t.Errorf("it ends with %v and says\n%s", err, said)
	}
}

func TestARegistryThatIsNotThereIsNotRotated(t *testing.T) {
	said, _, err := home().run(t, "rotate", "", "STACK=Other")
	const want = "There is no function Other-RotateTokenKeys in account 123456789012, region eu-central-1, or you may not invoke it: " +
		"say which stack, make rotate-keys STACK=name, or run make deploy first.\n"
	if err == nil || said != want {
		t.Errorf("it ends with %v and says\n%s", err, said)
	}
}

func TestAnOldCommandLineIsTold(t *testing.T) {
	said, calls, err := home().with("aws", refuses("--version", "echo aws-cli/1.44.2 Python/3.11; exit")).run(t, "rotate", "")
	if err == nil || !strings.Contains(said, "install version 2") || strings.Contains(calls, "invoke") {
		t.Errorf("it ends with %v and says\n%s", err, said)
	}
}
