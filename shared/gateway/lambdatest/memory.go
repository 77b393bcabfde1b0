package lambdatest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
)

// PeakMemory returns the most physical memory the function has used so far, in bytes. It must still
// be running. The kernel's own mark (VmHWM) is read, not the resource usage of an ended child: that
// one begins with the memory of the process that forked it. On systems without /proc the error is
// errors.ErrUnsupported.
func (f *Function) PeakMemory() (bytes int64, err error) {
	if runtime.GOOS != "linux" {
		return 0, errors.ErrUnsupported
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", f.cmd.Process.Pid))
	if err != nil {
		return 0, fmt.Errorf("read the function's memory: %w", err)
	}
	return highWaterMark(status)
}

func highWaterMark(status []byte) (int64, error) {
	for lines := bufio.NewScanner(bytes.NewReader(status)); lines.Scan(); {
		value, found := strings.CutPrefix(lines.Text(), "VmHWM:")
		if !found {
			continue
		}
		kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
		return kib << 10, err
	}
	return 0, errors.New("the process has ended") // a zombie has no memory lines
}
