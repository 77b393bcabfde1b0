package main_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/boxvault/boxvault/functions/deployment"
	"github.com/boxvault/boxvault/shared/boxfile"
)

const bigFile = 1 << 30

// BenchmarkRelay prints what docs/performance.md has: what the process takes while 1 GiB goes through it, by the door
// that needs the least and that which needs the most, and while it takes as many files at a time as it lets in.
func BenchmarkRelay(b *testing.B) {
	raw, form := []string{"-T", "FILE"}, []string{"-F", "file=@FILE"}
	chunked := append(raw, "-H", "Transfer-Encoding: chunked")
	for _, door := range []struct {
		name string
		args []string
		many int
		wide bool // a box whose window is the largest that is looked into
	}{
		{"of known length", raw, 1, false},
		{"of unknown length", chunked, 1, false},
		{"a form", form, 1, false},
		{"known lengths at a time", raw, knownAtOnce, false},
		{"unknown lengths at a time", chunked, unknownAtOnce, false},
		{"forms at a time", form, formsAtOnce, false},
		{"known lengths with windows", raw, knownAtOnce, true},
		{"unknown lengths with windows", chunked, unknownAtOnce, true},
		{"forms with windows", form, formsAtOnce, true},
	} {
		b.Run(door.name, func(b *testing.B) {
			w := newWorld(b)
			p := start(b, append(w.env, fmt.Sprintf("GOMEMLIMIT=%dMiB", deployment.RelayHeap)))
			path, _ := box(b, "qemu", bigFile/int64(door.many))
			if door.wide {
				path = compressed(b, path)
			}
			at := "/file"
			if door.args[0] == "-T" {
				at = "/file/upload"
			}
			b.ResetTimer()
			var all sync.WaitGroup
			for i := range door.many {
				all.Go(func() {
					to := strings.Replace(architecture, "1.0.0", fmt.Sprintf("1.%d.0", i), 1)
					args := append([]string{"-X", "POST", "-H", "x-access-token: " + w.owner, p.url + to + at}, door.args...)
					for j := range args {
						args[j] = strings.Replace(args[j], "FILE", path, 1)
					}
					if got := curl(b, args...); !strings.HasSuffix(got, " 200") {
						b.Errorf("answered %s", got)
					}
				})
			}
			all.Wait()
			b.ReportMetric(bigFile/1e6/b.Elapsed().Seconds(), "MB/s")
			b.ReportMetric(p.peak(b), "peak-MiB")
			p.terminate(b)
			<-p.ended
			b.ReportMetric(p.cmd.ProcessState.UserTime().Seconds()+p.cmd.ProcessState.SystemTime().Seconds(), "cpu-s")
		})
	}
}

// compressed is the box by zstd, with the largest window that is looked into.
func compressed(b *testing.B, path string) string {
	b.Helper()
	from, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer from.Close()
	to, err := os.Create(path + ".zst")
	if err != nil {
		b.Fatal(err)
	}
	defer to.Close()
	z, err := zstd.NewWriter(to, zstd.WithWindowSize(boxfile.MaxWindow), zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	if err == nil {
		_, err = io.Copy(z, from)
	}
	if err := errors.Join(err, z.Close()); err != nil {
		b.Fatal(err)
	}
	return to.Name()
}

// peak is the most memory that the process had, in MiB; 0 where Linux does not tell it.
func (p *process) peak(b *testing.B) float64 {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	found := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(raw)
	if err != nil || found == nil {
		return 0
	}
	kB, err := strconv.Atoi(string(found[1]))
	if err != nil {
		b.Fatal(err)
	}
	return float64(kB) / 1024
}
