package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"time"

	"github.com/boxvault/boxvault/shared/vagrantcloud"
)

// published is what it costs to publish a file as `vagrant cloud publish` does.
type published struct {
	curl, ours, callback time.Duration // processor time of both sides; how long the callback took
}

// publish holds what the registry takes of the processors against what the client's own curl does, which
// Vagrant starts to send the file; the registry also hashes and looks into it.
func (b *bench) publish() error {
	file, err := b.file()
	if err != nil {
		return err
	}
	r, err := b.serve("publish")
	if err != nil {
		return err
	}
	var all []published
	for i := range rounds {
		p, err := r.publish(file, fmt.Sprintf("%d.0.0", i+1))
		if err != nil {
			return err
		}
		all = append(all, p)
	}
	r.stop()
	middle := func(of func(published) time.Duration) time.Duration {
		var times []time.Duration
		for _, p := range all {
			times = append(times, of(p))
		}
		return median(times).Round(time.Millisecond)
	}
	say(fmt.Sprintf("vagrant cloud publish of %s, processor time", mib(b.size)), middle(func(p published) time.Duration { return p.ours }).String(),
		"the client's curl: "+middle(func(p published) time.Duration { return p.curl }).String()+"; goal: less than that")
	say("  the callback, once the file is there", middle(func(p published) time.Duration { return p.callback }).String(), "goal: at most 2s")
	return nil
}

// publish makes the requests of `vagrant cloud publish --release` for a new version, and has the same curl
// send the file.
func (r *registry) publish(file, version string) (p published, err error) {
	box := "/api/v2/box/org/box"
	var u vagrantcloud.Upload
	steps := []struct {
		method, path, body string
		into               any
	}{
		{"POST", box + "/versions", `{"version":{"version":"` + version + `"}}`, nil},
		{"POST", box + "/version/" + version + "/providers", `{"provider":{"name":"virtualbox"}}`, nil},
		{"GET", box + "/version/" + version + "/provider/virtualbox/upload/direct", "", &u},
	}
	for _, s := range steps {
		if err := r.send(s.method, s.path, bytes.NewReader([]byte(s.body)), s.into); err != nil {
			return p, err
		}
	}
	before := r.cpu()
	cmd := exec.Command("curl", u.UploadPath, "--request", "PUT", "--upload-file", file, "--fail", "--silent", "--output", os.DevNull)
	if err := cmd.Run(); err != nil {
		return p, fmt.Errorf("curl: %w", err)
	}
	p.curl = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	callback, err := url.Parse(u.Callback)
	if err != nil {
		return p, err
	}
	began := time.Now()
	if err := r.send("PUT", callback.Path, http.NoBody, nil); err != nil {
		return p, err
	}
	p.callback = time.Since(began)
	p.ours = r.cpu() - before
	return p, r.send("PUT", box+"/version/"+version+"/release", http.NoBody, nil)
}
