package lambdatest

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// Function is a running child process with a Runtime API of its own.
type Function struct {
	// Timeout is how long one invocation may take before the process is killed, as Lambda does;
	// the function reads its deadline from it. Start sets 30 s, the most that API Gateway waits.
	Timeout time.Duration

	api     *runtimeAPI
	cmd     *exec.Cmd
	started time.Time
	busy    sync.Mutex    // held during an invocation
	exited  chan struct{} // closed when the process is gone
	exitErr error         // valid once exited is closed, as is output
	output  bytes.Buffer
}

// Start starts a built bootstrap. env has entries "NAME=value"; the child gets these and what
// Lambda itself sets, and nothing of the test's own environment. It does not wait: a process that
// dies in its init is for Init and Invoke to tell. The process is killed when the test ends, and
// what it wrote goes to the log of a test that failed.
func Start(t testing.TB, binary string, env []string) *Function {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("listen for the Runtime API: %v", err)
	}
	f := &Function{Timeout: 30 * time.Second, api: newRuntimeAPI("lambdatest"), exited: make(chan struct{})}
	server := &http.Server{Handler: f.api.handler()}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })

	f.cmd = exec.Command(binary)
	f.cmd.Dir = filepath.Dir(binary)
	f.cmd.Env = append(environment(listener.Addr().String(), f.api.function, f.cmd.Dir), env...)
	f.cmd.Stdout, f.cmd.Stderr = &f.output, &f.output
	f.started = time.Now()
	if err := f.cmd.Start(); err != nil {
		t.Fatalf("start the function: %v", err)
	}
	go f.wait()
	t.Cleanup(func() { f.stop(t) })
	return f
}

// environment is what Lambda sets for every function, as far as it means something here. The
// credentials open nothing, but the SDK asks for some.
func environment(api, name, dir string) []string {
	return []string{
		"AWS_LAMBDA_RUNTIME_API=" + api,
		"AWS_LAMBDA_FUNCTION_NAME=" + name,
		"AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE=128",
		"AWS_REGION=us-east-1",
		"AWS_DEFAULT_REGION=us-east-1",
		"AWS_ACCESS_KEY_ID=lambdatest",
		"AWS_SECRET_ACCESS_KEY=lambdatest",
		"AWS_SESSION_TOKEN=lambdatest",
		"LAMBDA_TASK_ROOT=" + dir,
		"_HANDLER=bootstrap",
	}
}

func (f *Function) wait() {
	f.exitErr = f.cmd.Wait()
	close(f.exited)
}

// Kill ends the process as a crash does, in the middle of whatever it is at.
func (f *Function) Kill() {
	_ = f.cmd.Process.Kill()
	<-f.exited
}

func (f *Function) stop(t testing.TB) {
	f.Kill()
	if t.Failed() {
		t.Logf("the function wrote:\n%s", f.output.String())
	}
}

// Output ends the function and returns what it wrote.
func (f *Function) Output() string {
	_ = f.cmd.Process.Kill()
	<-f.exited
	return f.output.String()
}

// Init waits until the function asks for its first invocation and returns how long that took from
// the start of the process, or why it never will.
func (f *Function) Init() (time.Duration, error) {
	select {
	case <-f.api.ready:
		return f.api.readyAt.Sub(f.started), nil
	case <-f.exited:
		return 0, f.gone()
	}
}

// Invoke sends one event, which is marshalled to JSON, and returns what the function answered. An
// error is an *Error when the function itself reported it. Calls at the same time wait for each
// other: a function has one invocation at a time.
func (f *Function) Invoke(t testing.TB, event any) (payload []byte, err error) {
	t.Helper()
	raw, err := json.Marshal(event)
	if err != nil {
		t.Fatalf("marshal the event: %v", err)
	}
	if _, err := f.Init(); err != nil {
		return nil, err
	}
	f.busy.Lock()
	defer f.busy.Unlock()
	inv := &invocation{id: requestID(), event: raw, deadline: time.Now().Add(f.Timeout), answer: make(chan answer, 1)}
	select {
	case f.api.queue <- inv:
	case <-f.exited: // nobody took the one before either
		return nil, f.gone()
	}
	ctx, cancel := context.WithDeadline(t.Context(), inv.deadline)
	defer cancel()
	return f.await(ctx, inv)
}

// await returns the answer to an invocation. A function that reports a panic ends right after it:
// the report counts, not the end.
func (f *Function) await(ctx context.Context, inv *invocation) ([]byte, error) {
	select {
	case a := <-inv.answer:
		return a.payload, a.err
	case <-ctx.Done():
		_ = f.cmd.Process.Kill()
		return nil, fmt.Errorf("the function did not answer within %v and was killed", f.Timeout)
	case <-f.exited:
	}
	select {
	case a := <-inv.answer:
		return a.payload, a.err
	default:
		return nil, f.gone()
	}
}

// gone says how the process ended.
func (f *Function) gone() error {
	if err := f.api.initFailed(); err != nil {
		return fmt.Errorf("the function failed in its init: %w", err)
	}
	if f.exitErr == nil {
		return errors.New("the function ended by itself")
	}
	return fmt.Errorf("the function ended: %w", f.exitErr)
}

// requestID makes a version 4 UUID, as Lambda's are.
func requestID() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
