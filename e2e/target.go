// Package e2e drives a running registry as its users do, over the wire: with curl, vagrant, the
// published example clients and the boxvault command itself. `go test ./e2e` starts a registry for
// that; with -target it uses one that runs somewhere else, as the one that localstack/up.sh deployed.
package e2e

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Target is the registry that the journeys go through, each in an organization of its own.
type Target struct {
	// URL is where the registry is, without a slash at the end.
	URL string
	// Binary is the boxvault command.
	Binary string
	// Log is what the registries log that the tests start. That of a remote one is
	// not seen, unless it is on an emulator.
	Log *Log

	gaps   map[Gap]string // why there is not what journeys may need
	cloud  *deployed      // nil: the registry is not on an emulator
	own    *Process       // nil: the registry is not ours
	folder string
}

// Remote reports whether the registry is not ours: it cannot be stopped, nor be started with flags.
func (t *Target) Remote() bool { return t.own == nil }

// OpenTarget starts a registry, or uses the running one: name is its URL, or LocalStack. Without a
// binary the command is built.
func OpenTarget(name, binary string) (t *Target, err error) {
	t = &Target{URL: strings.TrimSuffix(name, "/"), Binary: binary, Log: &Log{}}
	if t.folder, err = os.MkdirTemp("", "boxvault-e2e-*"); err != nil {
		return nil, err
	}
	if err := t.open(); err != nil {
		return nil, errors.Join(err, t.Close())
	}
	return t, nil
}

func (t *Target) open() (err error) {
	if t.Binary, err = t.command(); err != nil {
		return err
	}
	switch t.URL {
	case "":
		return t.start()
	case LocalStack:
		return t.useDeployed()
	default:
		return t.answers("is the URL right?")
	}
}

// start starts a registry of the target's own.
func (t *Target) start() (err error) {
	t.own, err = Serve(ServeOptions{Binary: t.Binary, Data: filepath.Join(t.folder, "data"), Log: t.Log})
	if err == nil {
		t.URL = t.own.URL
	}
	return err
}

// useDeployed takes what localstack/up.sh has deployed.
func (t *Target) useDeployed() (err error) {
	if t.cloud, err = readDeployed(outputs); err != nil {
		return err
	}
	t.URL, t.gaps = t.cloud.URL, maps.Clone(emulated)
	if !t.cloud.Here {
		maps.Copy(t.gaps, elsewhere)
	}
	return t.answers("run localstack/up.sh")
}

// command returns the absolute path of the command, which it builds unless there is one.
func (t *Target) command() (string, error) {
	if t.Binary != "" {
		return filepath.Abs(t.Binary)
	}
	path := filepath.Join(t.folder, "boxvault")
	out, err := exec.Command("go", "build", "-o", path, "github.com/boxvault/boxvault/cmd/boxvault").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build boxvault: %w: %s", err, out)
	}
	return path, nil
}

// answers makes sure that there is a registry at the URL.
func (t *Target) answers(advice string) error {
	resp, err := http.Get(t.URL + "/health")
	if err != nil {
		return fmt.Errorf("the target does not answer, %s: %w", advice, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the target is no registry, %s: %s/health answered %s", advice, t.URL, resp.Status)
	}
	return nil
}

// Close stops what OpenTarget started, and is an error when that did not end well.
func (t *Target) Close() error {
	var err error
	if t.own != nil {
		err = t.own.Stop()
	}
	return errors.Join(err, os.RemoveAll(t.folder))
}
