package e2e

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"
)

// ServeOptions say how to run a registry.
type ServeOptions struct {
	// Binary is the boxvault command.
	Binary string
	// Data is the folder that the registry keeps everything in.
	Data string
	// Flags are further flags of `boxvault serve`. The address is a free port of loopback.
	Flags []string
	// Env are variables beside those of this process.
	Env []string
	// Log takes what the registry logs; it may be that of other processes as well.
	Log *Log
}

// Process is a `boxvault serve` that runs as a child process.
type Process struct {
	// URL is how clients reach the registry, and Addr where it listens.
	URL, Addr string

	cmd    *exec.Cmd
	stdout *output
	ended  chan struct{}
	err    error // of the process, once it has ended
}

// Serve starts a registry and returns when it takes connections. Stop or Kill it in the end.
func Serve(o ServeOptions) (*Process, error) {
	args := append([]string{"serve", "--addr", "127.0.0.1:0", "--data", o.Data}, o.Flags...)
	p := &Process{cmd: exec.Command(o.Binary, args...), stdout: &output{}, ended: make(chan struct{})}
	stderr := &output{each: o.Log.read}
	greeted := make(chan []string, 1)
	p.stdout.each = func(line string) {
		if at := greeting.FindStringSubmatch(line); at != nil {
			greeted <- at
		}
	}
	p.cmd.Stdout, p.cmd.Stderr = p.stdout, stderr
	p.cmd.Env = append(os.Environ(), o.Env...)
	p.cmd.SysProcAttr = endWithParent()
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start boxvault: %w", err)
	}
	go func() {
		p.err = p.cmd.Wait()
		close(p.ended)
	}()
	select {
	case at := <-greeted:
		p.URL, p.Addr = at[1], at[3]
		if p.Addr == "" {
			_, p.Addr, _ = strings.Cut(p.URL, "://")
		}
		return p, nil
	case <-p.ended:
		return nil, fmt.Errorf("boxvault serve did not start: %w: %s", p.err, stderr)
	}
}

// greeting is the line in which the registry says where it is.
var greeting = regexp.MustCompile(`^boxvault is at ([^ ,]+)(, listening on (.+))?$`)

// Stdout is what the process has printed so far.
func (p *Process) Stdout() string { return p.stdout.String() }

// Signal sends the process a signal.
func (p *Process) Signal(s syscall.Signal) error { return p.cmd.Process.Signal(s) }

// stopTime is how long a registry gets to stop; it gives requests under way 20 seconds itself.
const stopTime = 30 * time.Second

// Stop asks the process to end, as a service manager does, and waits until it has. It is an error
// when that was no clean end.
func (p *Process) Stop() error {
	if err := p.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("stop boxvault: %w", err)
	}
	return p.Wait()
}

// Wait waits until the process has ended by itself, and returns an error when it did not end well.
func (p *Process) Wait() error {
	select {
	case <-p.ended:
		return p.err
	case <-time.After(stopTime):
		return errors.Join(errors.New("boxvault serve did not stop"), p.Kill())
	}
}

// Kill ends the process as a crash does. There is nothing it could do about it.
func (p *Process) Kill() error {
	if err := p.cmd.Process.Kill(); err != nil {
		return fmt.Errorf("kill boxvault: %w", err)
	}
	<-p.ended
	return nil
}

// output keeps what a process prints, and hands it on line by line.
type output struct {
	mu   sync.Mutex
	all  strings.Builder
	rest string // of a line that has not ended
	each func(line string)
}

// Write takes what was printed.
func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.all.Write(b)
	o.rest += string(b)
	for {
		line, rest, ended := strings.Cut(o.rest, "\n")
		if !ended {
			return len(b), nil
		}
		o.rest = rest
		if o.each != nil {
			o.each(line)
		}
	}
}

// String returns all that was printed.
func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.all.String()
}
