package lambdatest_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/gateway/lambdatest"
)

// event and answer are the sample function's.
type event struct {
	Do       string
	Megabyte int
}

type answer struct {
	Function, Request, ARN, Secret string
	Left                           time.Duration
}

// starter starts the sample function.
type starter func(t testing.TB, env ...string) *lambdatest.Function

func TestFunction(t *testing.T) {
	binary := lambdatest.Build(t, "./internal/sample")
	for name, test := range map[string]func(*testing.T, starter){
		"Invoke": invokes, "Environment": environment, "OneAtATime": invocationsOneAtATime,
		"HandlerError": handlerError, "Panic": panics, "Timeout": timesOut, "CrashInInit": crashInInit,
		"ReportedInitError": reportedInitError, "InitTime": initTime, "PeakMemory": peakMemory,
		"Cleanup": cleanup, "LogOfAFailure": logOfAFailure,
	} {
		t.Run(name, func(t *testing.T) {
			test(t, func(t testing.TB, env ...string) *lambdatest.Function {
				t.Helper()
				return lambdatest.Start(t, binary, env)
			})
		})
	}
}

func invokes(t *testing.T, start starter) {
	t.Setenv("LAMBDATEST_SECRET", "of the test")
	f := start(t)
	first, second := invoke(t, f), invoke(t, f)
	if first.Function != "lambdatest" || !strings.HasSuffix(first.ARN, ":function:lambdatest") {
		t.Errorf("the function was told that it is %q, invoked as %q", first.Function, first.ARN)
	}
	if len(first.Request) != 36 || first.Request == second.Request {
		t.Errorf("two invocations have the ids %q and %q", first.Request, second.Request)
	}
	if first.Left <= 0 || first.Left > f.Timeout {
		t.Errorf("the deadline is %v away, with a timeout of %v", first.Left, f.Timeout)
	}
	if first.Secret != "" {
		t.Errorf("the test's own environment came through: %q", first.Secret)
	}
}

func environment(t *testing.T, start starter) {
	f := start(t, "LAMBDATEST_SECRET=given", "AWS_LAMBDA_FUNCTION_NAME=other")
	if got := invoke(t, f); got.Secret != "given" || got.Function != "other" {
		t.Errorf("the function has %+v", got)
	}
}

func invocationsOneAtATime(t *testing.T, start starter) {
	f := start(t)
	ids := make(chan string, 20)
	var all sync.WaitGroup
	for range cap(ids) {
		all.Go(func() { ids <- invoke(t, f).Request })
	}
	all.Wait()
	close(ids)
	seen := map[string]bool{}
	for id := range ids {
		seen[id] = true
	}
	if len(seen) != cap(ids) {
		t.Errorf("%d invocations had %d ids", cap(ids), len(seen))
	}
}

func handlerError(t *testing.T, start starter) {
	f := start(t)
	_, err := f.Invoke(t, event{Do: "fail"})
	var reported *lambdatest.Error
	if !errors.As(err, &reported) || reported.Message != "out of boxes" || reported.Type != "errorString" {
		t.Errorf("the error is %v", err)
	}
	invoke(t, f) // an error ends no function
}

// panics: the Go runtime client reports a panic and ends the process right after.
func panics(t *testing.T, start starter) {
	f := start(t)
	_, err := f.Invoke(t, event{Do: "panic"})
	var reported *lambdatest.Error
	if !errors.As(err, &reported) || reported.Message != "lost a box" {
		t.Errorf("the error is %v", err)
	}
	if _, err := f.Invoke(t, event{}); !isExit(err, 1) {
		t.Errorf("after the panic: %v", err)
	}
}

func timesOut(t *testing.T, start starter) {
	f := start(t)
	f.Timeout = 100 * time.Millisecond
	if _, err := f.Invoke(t, event{Do: "hang"}); err == nil || !strings.Contains(err.Error(), "within 100ms") {
		t.Errorf("the error is %v", err)
	}
	if _, err := f.Invoke(t, event{}); err == nil {
		t.Error("the function was not killed")
	}
}

func crashInInit(t *testing.T, start starter) {
	f := start(t, "INIT=crash")
	if _, err := f.Init(); !isExit(err, 3) {
		t.Errorf("Init: %v", err)
	}
	if _, err := f.Invoke(t, event{}); !isExit(err, 3) {
		t.Errorf("Invoke: %v", err)
	}
}

func reportedInitError(t *testing.T, start starter) {
	f := start(t, "INIT=report")
	_, err := f.Init()
	var reported *lambdatest.Error
	if !errors.As(err, &reported) || reported.Message != "BOXVAULT_TABLE is not set" {
		t.Errorf("the error is %v", err)
	}
}

func initTime(t *testing.T, start starter) {
	f := start(t)
	first, err := f.Init()
	if err != nil || first <= 0 {
		t.Fatalf("the init took %v, %v", first, err)
	}
	invoke(t, f)
	if again, _ := f.Init(); again != first {
		t.Errorf("the init took %v, and after an invocation %v", first, again)
	}
}

func peakMemory(t *testing.T, start starter) {
	f := start(t)
	invoke(t, f)
	small, err := f.PeakMemory()
	if runtime.GOOS != "linux" && errors.Is(err, errors.ErrUnsupported) {
		t.Skip("no /proc here")
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Invoke(t, event{Do: "grow", Megabyte: 64}); err != nil {
		t.Fatal(err)
	}
	if large, err := f.PeakMemory(); err != nil || large < small+(64<<20) {
		t.Errorf("64 MiB took the peak from %d to %d bytes, %v", small, large, err)
	}
}

// cleanup starts a function in a test that ends, and expects its process gone.
func cleanup(t *testing.T, start starter) {
	var f *lambdatest.Function
	t.Run("one that ends", func(t *testing.T) {
		f = start(t)
		invoke(t, f)
	})
	if _, err := f.PeakMemory(); err == nil {
		t.Error("the process is still there")
	}
}

// failing is a test that has failed, and keeps its log.
type failing struct {
	testing.TB
	cleanups []func()
	log      strings.Builder
}

func (*failing) Failed() bool                      { return true }
func (f *failing) Cleanup(do func())               { f.cleanups = append(f.cleanups, do) }
func (f *failing) Logf(format string, args ...any) { fmt.Fprintf(&f.log, format, args...) }

func logOfAFailure(t *testing.T, start starter) {
	tb := &failing{TB: t}
	f := start(tb, "INIT=crash")
	if _, err := f.Init(); err == nil {
		t.Error("the sample did not crash")
	}
	for _, do := range slices.Backward(tb.cleanups) {
		do()
	}
	if !strings.Contains(tb.log.String(), "no table") {
		t.Errorf("the log is %q", tb.log.String())
	}
}

func invoke(t *testing.T, f *lambdatest.Function) (a answer) {
	t.Helper()
	payload, err := f.Invoke(t, event{})
	if err != nil {
		t.Error(err)
		return a
	}
	if err := json.Unmarshal(payload, &a); err != nil {
		t.Errorf("answered %s: %v", payload, err)
	}
	return a
}

func isExit(err error, code int) bool {
	var exit *exec.ExitError
	return errors.As(err, &exit) && exit.ExitCode() == code
}
