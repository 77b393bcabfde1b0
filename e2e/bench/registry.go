package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// registry is a running `boxvault serve`.
type registry struct {
	url   string
	token string
	cmd   *exec.Cmd
}

// serve starts a registry on a free port with an empty data folder, and signs up in it.
func (b *bench) serve(name string) (*registry, error) { return b.open(filepath.Join(b.dir, name)) }

// open is serve with a data folder that may hold records already, but no account.
func (b *bench) open(data string) (*registry, error) {
	r, err := b.begin(data)
	if err != nil {
		return nil, err
	}
	if err := r.await(); err != nil {
		return nil, err
	}
	return r, r.prepare()
}

func (b *bench) begin(data string) (*registry, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	addr := l.Addr().String()
	l.Close()
	// Limits so high that none is reached: requests are counted all the same.
	cmd := exec.Command(b.binary, "serve", "--addr", addr, "--data", data, "--limits", "address=100000000,account=100000000,sensitive=100000000")
	log, err := os.Create(data + ".log")
	if err != nil {
		return nil, err
	}
	cmd.Stdout, cmd.Stderr = log, log
	return &registry{url: "http://" + addr, cmd: cmd}, cmd.Start()
}

// await returns once /health answers 200.
func (r *registry) await() error {
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if resp, err := http.Get(r.url + "/health"); err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
	}
	return fmt.Errorf("the registry did not answer within ten seconds")
}

// prepare makes the account, the organization and the box that measurements use.
func (r *registry) prepare() error {
	var session struct{ AccessToken string }
	for _, call := range []struct {
		path string
		body any
		into any
	}{
		{"/api/auth/signup", map[string]string{"username": "bench", "email": "bench@example.com", "password": "a long password"}, nil},
		{"/api/auth/signin", map[string]string{"username": "bench", "password": "a long password"}, &session},
		{"/api/organization", map[string]string{"name": "org"}, nil},
		{"/api/organization/org/box", map[string]any{"name": "box", "isPublic": true}, nil},
	} {
		if err := r.post(call.path, call.body, call.into); err != nil {
			return err
		}
		r.token = session.AccessToken
	}
	return nil
}

func (r *registry) post(path string, body, into any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return r.send("POST", path, bytes.NewReader(raw), into)
}

func (r *registry) send(method, path string, body io.Reader, into any) error {
	req, err := http.NewRequest(method, r.url+path, body)
	if err != nil {
		return err
	}
	req.Header.Set("X-Access-Token", r.token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %s %s", method, path, resp.Status, answer)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(answer, into)
}

// stop ends the registry and tells the most memory it held, and the processor time it took.
func (r *registry) stop() (peak int64, cpu time.Duration) {
	peak = r.memory("VmHWM")
	_ = r.cmd.Process.Signal(syscall.SIGTERM)
	_ = r.cmd.Wait()
	return peak, r.cmd.ProcessState.UserTime() + r.cmd.ProcessState.SystemTime()
}

// memory reads a figure of the process in bytes: VmRSS is now, VmHWM the most so far.
func (r *registry) memory(field string) int64 {
	raw, err := os.ReadFile("/proc/" + strconv.Itoa(r.cmd.Process.Pid) + "/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, field+":"); ok {
			kib, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return kib << 10
		}
	}
	return 0
}

// cpu is the processor time the process has taken so far, in clock ticks of 10 ms.
func (r *registry) cpu() time.Duration {
	raw, err := os.ReadFile("/proc/" + strconv.Itoa(r.cmd.Process.Pid) + "/stat")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:]))
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * 10 * time.Millisecond
}
