package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// openLog opens a log in a file of the test.
func openLog(t *testing.T, o logOptions) (*slog.Logger, string) {
	t.Helper()
	o.file = filepath.Join(t.TempDir(), "boxvault.log")
	log, file, err := o.open(io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	})
	return log, o.file
}

func lines(t *testing.T, path string) (list []string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for in := bufio.NewScanner(f); in.Scan(); {
		list = append(list, in.Text())
	}
	return list
}

func TestALogThatWasMovedAwayIsBegunAnew(t *testing.T) {
	log, path := openLog(t, logOptions{})
	log.Info("first")
	moved := path + ".1"
	if err := os.Rename(path, moved); err != nil { // as logrotate does
		t.Fatal(err)
	}
	log.Info("second")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	log.Info("third")
	if old, now := lines(t, moved), lines(t, path); len(old) != 1 || !strings.Contains(old[0], "first") ||
		len(now) != 1 || !strings.Contains(now[0], "third") {
		t.Errorf("the old log has %q, the new one %q", old, now)
	}
}

func TestNoLineIsLostWhileTheLogIsMoved(t *testing.T) {
	log, path := openLog(t, logOptions{})
	const writers, each, moves = 8, 200, 20
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			for range each {
				log.Info("request", "path", "/acme/debian")
			}
		})
	}
	total := 0
	for i := range moves {
		if err := os.Rename(path, path+string(rune('a'+i))); err != nil && !os.IsNotExist(err) {
			t.Error(err)
		}
	}
	all.Wait()
	files, err := filepath.Glob(path + "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		for _, line := range lines(t, f) {
			if !json.Valid([]byte(line)) {
				t.Fatalf("in %s is the line %q", f, line)
			}
			total++
		}
	}
	if total != writers*each {
		t.Errorf("%d lines are there, want %d", total, writers*each)
	}
}

// As long as there is no place for a new file, the old one is written to.
func TestALogWhoseFolderIsGoneGoesOn(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "log")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	log, file, err := logOptions{file: filepath.Join(folder, "boxvault.log")}.open(io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := os.Rename(folder, folder+".old"); err != nil {
		t.Fatal(err)
	}
	log.Info("still here")
	if old := lines(t, filepath.Join(folder+".old", "boxvault.log")); len(old) != 1 {
		t.Errorf("the old log has %q", old)
	}
}

func TestALogThatCannotBeOpenedIsAnError(t *testing.T) {
	if _, _, err := (logOptions{file: filepath.Join(t.TempDir(), "no", "such", "folder")}).open(io.Discard); err == nil {
		t.Error("a log in no folder was opened")
	}
}

// hostile are texts that clients send.
var hostile = []string{"plain", "a\nb\r\n", "\x00\x1b[2J\x7f", "\u2028\u0085", "\xff\xfe", `"},{"`, "日本"}

func TestALineIsOneObjectThatTellsItsTimeTwice(t *testing.T) {
	log, path := openLog(t, logOptions{})
	before := time.Now()
	for _, text := range hostile {
		log.Info("request", "path", text, "agent", text)
	}
	list := lines(t, path)
	if len(list) != len(hostile) {
		t.Fatalf("%d lines, want %d", len(list), len(hostile))
	}
	for _, line := range list {
		var o struct {
			Time float64
			At   time.Time
		}
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		seconds := float64(o.At.UnixMicro()) / 1e6
		if o.At.Before(before.Truncate(time.Microsecond)) || o.Time != seconds {
			t.Errorf("the time is %v and %v", o.At, o.Time)
		}
	}
}

// askRuby does with each line what Fluentd does with `format json` (lib/fluent/plugin/parser_json.rb
// of v1): it parses it for itself, takes "time" out of it, and makes of that a time as parse_float
// of lib/fluent/time.rb. It prints the time and the names that are left.
const askRuby = `require "json"
STDIN.each_line { |line|
  record = JSON.parse(line)
  raise "no object" unless record.is_a?(Hash)
  time = record.delete("time")
  raise "no time" unless time.is_a?(String) || time.is_a?(Numeric)
  s, ns, _ = time.to_s.split(".", 3)
  ns = (ns || "0")[0..9].ljust(9, "0")
  puts Time.at(s.to_i, ns.to_i, :nsec).utc.strftime("%Y-%m-%dT%H:%M:%S.%6N") + " " + record.keys.join(",")
}`

func TestFluentdReadsTheLog(t *testing.T) {
	ruby, err := exec.LookPath("ruby")
	if err != nil {
		t.Skip("ruby is not installed (Debian's vagrant brings it): the log is held against the rule of Fluentd alone")
	}
	log, path := openLog(t, logOptions{})
	for _, text := range hostile {
		log.Info("request", "path", text)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), ruby, "-e", askRuby)
	cmd.Stdin = bytes.NewReader(raw)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	got := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(got) != len(hostile) {
		t.Fatalf("%d lines were read, want %d", len(got), len(hostile))
	}
	for i, line := range lines(t, path) {
		var o struct{ At time.Time }
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			t.Fatal(err)
		}
		if want := o.At.Format("2006-01-02T15:04:05.000000") + " at,level,msg,path"; got[i] != want {
			t.Errorf("Fluentd reads %q, want %q", got[i], want)
		}
	}
}

func TestALogForPeople(t *testing.T) {
	log, path := openLog(t, logOptions{format: "text"})
	log.Info("request", "agent", "a\nb")
	if list := lines(t, path); len(list) != 1 || !strings.HasPrefix(list[0], "time=") || !strings.Contains(list[0], `agent="a\nb"`) {
		t.Errorf("logged %q", list)
	}
	if err := (&logOptions{}).setFormat("xml"); err == nil {
		t.Error("xml is taken")
	}
}
