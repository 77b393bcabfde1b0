package e2e

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// command is a program with everything that it finds around it.
type command struct {
	dir string   // it works in
	env []string // beside PATH and HOME, which is dir
	// longest is how long a program may take, which is then stuck; 0 is two minutes.
	longest time.Duration
}

// ran is what a program did.
type ran struct {
	stdout, stderr string
	code           int
}

// run runs a program to its end. A program that cannot be started fails the test.
func (c command) run(t *testing.T, name string, args ...string) ran {
	t.Helper()
	return c.finish(t, c.prepare(t, name, args...))
}

// prepare makes a program ready to be run.
func (c command) prepare(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), cmp.Or(c.longest, 2*time.Minute))
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = c.dir
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + c.dir}, c.env...)
	cmd.SysProcAttr = endWithParent()
	return cmd
}

func (c command) finish(t *testing.T, cmd *exec.Cmd) ran {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		t.Fatal(err)
	}
	return ran{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// ok fails the test unless the program succeeded.
func (r ran) ok(t *testing.T) ran {
	t.Helper()
	if r.code != 0 {
		t.Fatalf("exit code %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	return r
}

// fails fails the test unless the program failed and said why in these words.
func (r ran) fails(t *testing.T, words string) ran {
	t.Helper()
	if r.code == 0 || !strings.Contains(r.stdout+r.stderr, words) {
		t.Fatalf("exit code %d, want a failure that says %q\n%s%s", r.code, words, r.stdout, r.stderr)
	}
	return r
}

// need skips the test when a program is not installed.
func need(t *testing.T, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			t.Skipf("%s is not installed: what it does with the registry is not tried", p)
		}
	}
}

// needOwn skips a test that stops, breaks or watches the registry.
func needOwn(t *testing.T) {
	t.Helper()
	if target.Remote() {
		t.Skip("the target is not ours to stop: what this tries is not tried on it")
	}
}

// needs skips a test of what the target lacks.
func needs(t *testing.T, what Gap) {
	t.Helper()
	if why := target.gaps[what]; why != "" {
		t.Skipf("the target lacks %s: %s", what, why)
	}
}

// place puts a file into a folder under a name.
func place(t *testing.T, file BoxFile, path ...string) {
	t.Helper()
	to := filepath.Join(path...)
	if err := os.Link(file.Path, to); err != nil {
		t.Fatal(err)
	}
}
