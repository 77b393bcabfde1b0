package dynamotest

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// startServer starts dynoxide, which keeps its data in memory, and returns its address.
func startServer(t testing.TB) (endpoint string) {
	t.Helper()
	binary := findServer(t)
	if binary == "" {
		t.Skip("no DynamoDB server: run `make tools`, or name one in DYNAMODB_ENDPOINT")
	}
	var said string
	for range 3 { // a free port may be taken before the server has it
		if endpoint, said = tryStart(t, binary); endpoint != "" {
			return endpoint
		}
	}
	t.Fatalf("%s does not start: %s", binary, said)
	return ""
}

// findServer looks below the module's root, where `make tools` puts it; empty if it is not there.
func findServer(t testing.TB) string {
	t.Helper()
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			break
		}
		if filepath.Dir(root) == root {
			return ""
		}
		root = filepath.Dir(root)
	}
	// The package has the name of the platform, and npm installs only the one that fits.
	found, err := filepath.Glob(filepath.Join(root, "build", "tools", "node_modules", "@dynoxide", "*", "dynoxide*"))
	if err != nil || len(found) == 0 {
		return ""
	}
	return found[0]
}

// tryStart returns where the server listens, or what it said when it gave up.
func tryStart(t testing.TB, binary string) (endpoint, said string) {
	t.Helper()
	_, port, err := net.SplitHostPort(freeAddress(t))
	if err != nil {
		t.Fatal(err)
	}
	server := exec.Command(binary, "--host", "127.0.0.1", "--port", port)
	out, err := server.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatalf("start the DynamoDB server: %v", err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	endpoint = fmt.Sprintf("http://127.0.0.1:%s", port)
	for lines := bufio.NewScanner(out); lines.Scan(); said += lines.Text() + "\n" {
		if strings.Contains(lines.Text(), "listening on "+endpoint) {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return endpoint, said
		}
	}
	return "", said
}

func freeAddress(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}
