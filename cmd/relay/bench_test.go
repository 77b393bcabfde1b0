package main_test

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/boxvault/boxvault/functions/deployment"
)

const bigFile = 1 << 30

// BenchmarkRelay prints what docs/performance.md has: what the process takes while 1 GiB goes through it, by the door
// that needs the least and that which needs the most, and while it takes as many files at a time as it lets in.
func BenchmarkRelay(b *testing.B) {
	for _, door := range []struct {
		name string
		args []string
		many int
	}{
		{"of known length", []string{"-T", "FILE"}, 1},
		{"of unknown length", []string{"-T", "FILE", "-H", "Transfer-Encoding: chunked"}, 1},
		{"a form", []string{"-F", "file=@FILE"}, 1},
		{"known lengths at a time", []string{"-T", "FILE"}, deployment.RelayUploads},
		{"unknown lengths at a time", []string{"-T", "FILE", "-H", "Transfer-Encoding: chunked"}, deployment.RelayUploads / 4},
		{"forms at a time", []string{"-F", "file=@FILE"}, deployment.RelayUploads},
	} {
		b.Run(door.name, func(b *testing.B) {
			w := newWorld(b)
			p := start(b, append(w.env, fmt.Sprintf("GOMEMLIMIT=%dMiB", deployment.RelayHeap)))
			path, _ := box(b, "qemu", bigFile/int64(door.many))
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
