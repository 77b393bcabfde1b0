package local_test

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
)

// The tests run themselves again where they need a process of their own: to kill it, or to give
// it a disk that is full.
const childVariable = "BLOBSTORE_TEST_CHILD"

var children = map[string]func(dir string) error{"publish": publish}

func TestMain(m *testing.M) {
	run, isChild := children[os.Getenv(childVariable)]
	if !isChild {
		os.Exit(m.Run())
	}
	if err := run(os.Args[len(os.Args)-1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func child(t *testing.T, name, dir string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, dir)
	cmd.Env = append(os.Environ(), childVariable+"="+name)
	cmd.Stderr = os.Stderr
	return cmd
}
