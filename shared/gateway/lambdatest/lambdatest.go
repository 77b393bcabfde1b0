// Package lambdatest runs a built function, the program that is deployed as `bootstrap`, the way
// Lambda does: as a child process that asks a Runtime API for its invocations. The Runtime API is
// a server of this package on 127.0.0.1; the function cannot tell it from the real one.
//
// The protocol is https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html.
package lambdatest

import (
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// Build compiles a main package with the flags of a deployment, for this machine, and returns the
// program's path; the test fails when it does not compile. pkg is an import path, or a path as
// `go build` takes it from the test's folder.
func Build(t testing.TB, pkg string) (binary string) {
	t.Helper()
	return BuildFor(t, runtime.GOOS, runtime.GOARCH, pkg)
}

// Tags are the build tags of a deployment, as the Makefile has them. No function needs the runtime of
// go1.x, nor HTTP/2, see docs/adr/0028-functions-link-what-they-use.md.
const Tags = "lambda.norpc,nethttpomithttp2"

// BuildFor is Build for another machine.
func BuildFor(t testing.TB, system, processor, pkg string) (binary string) {
	t.Helper()
	binary = filepath.Join(t.TempDir(), "bootstrap")
	build := exec.Command("go", "build", "-tags", Tags, "-trimpath", "-ldflags", "-s -w", "-o", binary, pkg)
	build.Env = append(build.Environ(), "CGO_ENABLED=0", "GOOS="+system, "GOARCH="+processor)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build %s: %v\n%s", pkg, err, out)
	}
	return binary
}
