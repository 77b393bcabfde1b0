package e2e

import (
	"bytes"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// The boxvault command on a bad line: a cut it mends by itself; stopped by its user, it goes on
// where it was when it is run again.

func TestPushSurvivesACut(t *testing.T) {
	t.Parallel()
	c := newCLI(t)
	file := c.file(t, 40<<20)
	cut := c.line.Cut(Up, 20<<20)
	c.boxvault(t, "push", c.tag, "1.0.0", file.Path).ok(t)
	wait(t, cut, "the cut")
	wantDownload(t, c.owner, c.owner.target("debian12", "1.0.0", c.spec), file)
}

func TestPushResumes(t *testing.T) {
	t.Parallel()
	c := newCLI(t)
	file := c.file(t, 40<<20)
	// In the second of three parts, which go one by one.
	stalled := c.line.Stall(Up, 20<<20)
	c.interrupted(t, func() { wait(t, stalled, "the line going dead") }, "push", "--parallel", "1", c.tag, "1.0.0", file.Path)
	c.owner.wantVersions(t, "debian12")

	before := c.line.Carried(Up)
	done := c.json(t, "push", "--json", c.tag, "1.0.0", file.Path)
	const part = 16 << 20
	want := map[string]any{"status": "active", "files": []any{map[string]any{"resumedBytes": float64(part), "checksum": file.SHA256}}}
	if lack := missing(want, done, true); len(lack) > 0 {
		t.Errorf("pushed %v: %q", done, lack)
	}
	if moved, rest := c.line.Carried(Up)-before, file.Size-part; moved > rest+slack {
		t.Errorf("%d bytes went the second time, and %d were missing", moved, rest)
	}
	wantDownload(t, c.owner, c.owner.target("debian12", "1.0.0", c.spec), file)
}

func TestPullSurvivesACut(t *testing.T) {
	t.Parallel()
	c := newCLI(t)
	file := c.owner.publish(t, "debian12", "1.0.0", c.spec)
	before, cut := c.line.Carried(Down), c.line.Cut(Down, 5<<20)
	c.boxvault(t, "pull", c.tag, "-o", "mine.box").ok(t)
	wait(t, cut, "the cut")
	c.wantFile(t, "mine.box", file)
	if moved := c.line.Carried(Down) - before; moved > file.Size+slack {
		t.Errorf("%d bytes came for a file of %d", moved, file.Size)
	}
}

func TestPullResumes(t *testing.T) {
	t.Parallel()
	c := newCLI(t)
	file := c.owner.publish(t, "debian12", "1.0.0", c.spec)
	c.line.Stall(Down, 5<<20)
	c.interrupted(t, func() {
		until(t, "most of what came is on disk", func() bool { return c.sizeOf("mine.box.*.part") > 4<<20 })
	}, "pull", c.tag, "-o", "mine.box")
	if _, err := os.Stat(filepath.Join(c.dir, "mine.box")); err == nil {
		t.Error("there is a file already, after half of it")
	}

	before := c.line.Carried(Down)
	done := c.json(t, "pull", "--json", c.tag, "-o", "mine.box")
	resumed, _ := done["resumedBytes"].(float64)
	if resumed < 4<<20 || done["checksum"] != file.SHA256 {
		t.Errorf("pulled %v", done)
	}
	if moved, rest := c.line.Carried(Down)-before, file.Size-int64(resumed); moved > rest+slack {
		t.Errorf("%d bytes came the second time, and %d were missing", moved, rest)
	}
	c.wantFile(t, "mine.box", file)
}

// cli is a user of the boxvault command behind a bad line.
type cli struct {
	command
	owner owner
	line  *Proxy
	tag   string // of the box
	spec  Box
}

func newCLI(t *testing.T) *cli {
	t.Helper()
	line := serveBehind(t)
	o := newOwner(t, line.URL)
	o.box(t, "debian12", true)
	return &cli{
		owner: o, line: line, tag: o.org + "/debian12", spec: Box{Provider: "virtualbox", Architecture: "amd64", Disk: 8 << 20},
		command: command{dir: t.TempDir(), env: []string{"BOXVAULT_URL=" + line.URL, "BOXVAULT_TOKEN=" + o.token}},
	}
}

func (c *cli) file(t *testing.T, size int64) BoxFile {
	t.Helper()
	c.spec.Disk = size
	return makeBox(t, c.spec)
}

// boxvault runs the command.
func (c *cli) boxvault(t *testing.T, args ...string) ran {
	t.Helper()
	return c.run(t, target.Binary, args...)
}

// json runs the command and reads what it prints.
func (c *cli) json(t *testing.T, args ...string) map[string]any {
	t.Helper()
	return decode[map[string]any](t, c.boxvault(t, args...).ok(t).stdout)
}

// interrupted runs the command until it is far enough, stops it with Ctrl-C, and mends the line.
func (c *cli) interrupted(t *testing.T, farEnough func(), args ...string) {
	t.Helper()
	cmd := c.prepare(t, target.Binary, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	farEnough()
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // the exit code tells
	if code := cmd.ProcessState.ExitCode(); code != 130 || !bytes.Contains(stderr.Bytes(), []byte("run the same command again")) {
		t.Fatalf("exit code %d\n%s", code, &stderr)
	}
	c.line.Mend()
}

// sizeOf is the size of the one file that the pattern fits; 0 when there is none.
func (c *cli) sizeOf(pattern string) int64 {
	paths, err := filepath.Glob(filepath.Join(c.dir, pattern))
	if err != nil || len(paths) != 1 {
		return 0
	}
	info, err := os.Stat(paths[0])
	if err != nil {
		return 0
	}
	return info.Size()
}

func (c *cli) wantFile(t *testing.T, name string, want BoxFile) {
	t.Helper()
	wantSame(t, filepath.Join(c.dir, name), want)
}
