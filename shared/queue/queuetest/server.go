package queuetest

import (
	"bytes"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// tool is where `make tools` puts MiniStack (MIT), below the root of the module.
const tool = "build/tools/py/bin/ministack"

// startServer starts MiniStack, which keeps everything in memory, and returns its address.
func startServer(t testing.TB) (endpoint string) {
	t.Helper()
	program := findServer(t)
	if program == "" {
		t.Skip("no SQS server: run `make tools`, or name one in SQS_ENDPOINT")
	}
	var log bytes.Buffer
	for range 3 { // a free port may be taken before the server has it
		log.Reset()
		if endpoint = tryStart(t, program, &log); endpoint != "" {
			return endpoint
		}
	}
	t.Fatalf("%s does not start: %s", program, log.String())
	return ""
}

func findServer(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; filepath.Dir(dir) != dir; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, tool)); err == nil {
			return filepath.Join(dir, tool)
		}
	}
	return ""
}

func tryStart(t testing.TB, program string, log *bytes.Buffer) (endpoint string) {
	t.Helper()
	port := freePort(t)
	server := exec.Command(program)
	server.Env = []string{
		"BIND_HOST=127.0.0.1", "MINISTACK_HOST=127.0.0.1", "GATEWAY_PORT=" + port,
		"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "TMPDIR=" + t.TempDir(),
	}
	server.Stdout, server.Stderr = log, log
	if err := server.Start(); err != nil {
		t.Fatalf("start the SQS server: %v", err)
	}
	exited := make(chan struct{})
	go func() {
		_ = server.Wait()
		close(exited)
	}()
	t.Cleanup(func() {
		_ = server.Process.Kill()
		<-exited
	})
	endpoint = "http://127.0.0.1:" + port
	if !answers(endpoint+"/_ministack/health", exited) {
		return ""
	}
	return endpoint
}

// answers waits until the server answers, or has ended.
func answers(url string, exited <-chan struct{}) bool {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		if resp, err := http.Get(url); err == nil {
			_ = resp.Body.Close()
			return resp.StatusCode == http.StatusOK
		}
		select {
		case <-tick.C:
		case <-exited:
			return false
		}
	}
	return false
}

func freePort(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}
