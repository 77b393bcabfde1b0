package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/boxvault/boxvault/cmd/boxvault/internal/cli/boxtest"
	"github.com/boxvault/boxvault/embedded"
	"github.com/boxvault/boxvault/embedded/embeddedtest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"boxvault": main})
}

// The transcripts in testdata run the program against a real registry, one for each transcript,
// which is at $URL; ada is signed up there. `exec boxvault …` runs the program.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			r := embeddedtest.Start(t, func(o *embedded.Options) { o.WebhooksPrivate, o.MirrorsPrivate = true, true })
			r.SignUp(t, "ada")
			env.Values[registryKey{}] = r
			env.Setenv("URL", r.URL)
			env.Setenv("PASSWORD", embeddedtest.Password)
			env.Setenv("XDG_CONFIG_HOME", filepath.Join(env.WorkDir, "config"))
			return os.WriteFile(filepath.Join(env.WorkDir, "password"), []byte(embeddedtest.Password+"\n"), 0o600)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":   exits,
			"mkbox":   mkbox,
			"mode":    mode,
			"later":   later,
			"corrupt": corrupt,
			"read":    read,
			"until":   until,
			"readme":  readme,
		},
	})
}

// root is the folder of the README.
var root, _ = filepath.Abs("../..")

type registryKey struct{}

func registryOf(ts *testscript.TestScript) *embeddedtest.Registry {
	return ts.Value(registryKey{}).(*embeddedtest.Registry)
}

// exits CODE COMMAND… runs a command that must end with an exit code.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	err = ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// mkbox FILE PROVIDER [ARCHITECTURE [MIB]] makes a box file.
func mkbox(ts *testscript.TestScript, _ bool, args []string) {
	b := boxtest.Box{Provider: args[1]}
	if len(args) > 2 {
		b.Architecture = args[2]
	}
	if len(args) > 3 {
		mib, err := strconv.Atoi(args[3])
		ts.Check(err)
		b.Size = mib << 20
	}
	ts.Check(b.Write(ts.MkAbs(args[0])))
}

// mode FILE PERMISSIONS checks the permissions of a file.
func mode(ts *testscript.TestScript, _ bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	if got := info.Mode().Perm().String(); got != args[1] {
		ts.Fatalf("%s is %s, want %s", args[0], got, args[1])
	}
}

// later DURATION lets time pass at the registry.
func later(ts *testscript.TestScript, _ bool, args []string) {
	d, err := time.ParseDuration(args[0])
	ts.Check(err)
	registryOf(ts).Clock.Advance(d)
}

// corrupt changes a byte of the largest file that the registry keeps.
func corrupt(ts *testscript.TestScript, _ bool, _ []string) {
	var largest string
	var size int64
	ts.Check(filepath.WalkDir(filepath.Join(registryOf(ts).Data, "files"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Size() > size {
			largest, size = path, info.Size()
		}
		return err
	}))
	bytes, err := os.ReadFile(largest)
	ts.Check(err)
	bytes[size/2] ^= 1
	ts.Check(os.Chmod(largest, 0o600))
	ts.Check(os.WriteFile(largest, bytes, 0o600))
}

// read NAME [KEY] puts what the last command printed on stdout into $NAME, less the line's end; with
// a key, the value that it has in the JSON printed.
func read(ts *testscript.TestScript, _ bool, args []string) {
	out := strings.TrimSpace(ts.ReadFile("stdout"))
	if len(args) > 1 {
		var object map[string]json.RawMessage
		ts.Check(json.Unmarshal([]byte(out), &object))
		out = strings.Trim(string(object[args[1]]), `"`)
	}
	ts.Setenv(args[0], out)
}

// until TEXT COMMAND… runs a command again and again until it prints a text: some things the registry
// does a moment after it has answered.
func until(ts *testscript.TestScript, _ bool, args []string) {
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); {
		ts.Check(ts.Exec(args[1], args[2:]...))
		if strings.Contains(ts.ReadFile("stdout"), args[0]) {
			return
		}
	}
	ts.Fatalf("it never printed %q", args[0])
}

// readme FILE WORDS writes the commands that the README prints together with some words, for the registry
// of the transcript.
func readme(ts *testscript.TestScript, _ bool, args []string) {
	page, err := os.ReadFile(filepath.Join(root, "README.md"))
	ts.Check(err)
	for _, block := range strings.Split(string(page), "\n\n") {
		if strings.HasPrefix(block, "    ") && strings.Contains(block, args[1]) {
			block = strings.NewReplacer("http://127.0.0.1:3000", ts.Getenv("URL"), "build/boxvault", "boxvault").Replace(block)
			ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(block+"\n"), 0o600))
			return
		}
	}
	ts.Fatalf("the README prints no commands with %q", args[1])
}
