package main

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

func listenLoopback() (net.Listener, error) { return net.Listen("tcp", "127.0.0.1:0") }

// metadata measures `GET /org/box` with one version, and with 200 of two providers and two
// architectures each.
func (b *bench) metadata() error {
	r, err := b.serve("metadata")
	if err != nil {
		return err
	}
	if err := r.fill("box", 1, []string{"virtualbox"}, []string{"amd64"}); err != nil {
		return err
	}
	if err := r.post("/api/organization/org/box", map[string]any{"name": "large", "isPublic": true}, nil); err != nil {
		return err
	}
	if err := r.fill("large", 200, []string{"virtualbox", "libvirt"}, []string{"amd64", "arm64"}); err != nil {
		return err
	}
	for _, m := range []struct{ box, what, goal string }{
		{"box", "metadata, 1 version", "goal: at least 5,000/s and 0.15 ms"},
		{"large", "metadata, 200 versions × 2 × 2", "goal: at least 500/s and 1.5 ms"},
	} {
		for _, clients := range []int{1, 4, 32} {
			if err := r.load(m.what, "/org/"+m.box, clients, m.goal); err != nil {
				return err
			}
		}
	}
	r.stop()
	return nil
}

// fill uploads a small file for every version, provider and architecture.
func (r *registry) fill(box string, versions int, providers, architectures []string) error {
	for v := range versions {
		for _, p := range providers {
			for _, a := range architectures {
				path := fmt.Sprintf("/api/organization/org/box/%s/version/%d.0.0/provider/%s/architecture/%s/file/upload", box, v+1, p, a)
				if err := r.send("POST", path, strings.NewReader(path), nil); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// loadTime is how long a load lasts.
const loadTime = 4 * time.Second

// load asks for a path over as many connections at once, as quickly as answers come.
func (r *registry) load(what, path string, clients int, goal string) error {
	var requests atomic.Int64
	var failed atomic.Pointer[error]
	before, end := r.cpu(), time.Now().Add(loadTime)
	var wg sync.WaitGroup
	for range clients {
		wg.Go(func() {
			if err := r.ask(path, end, &requests); err != nil {
				failed.Store(&err)
			}
		})
	}
	wg.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	n := requests.Load()
	cpu := (r.cpu() - before).Seconds() / float64(n) * 1e3
	say(fmt.Sprintf("%s, c=%d", what, clients), fmt.Sprintf("%.0f/s", float64(n)/loadTime.Seconds()),
		fmt.Sprintf("%.3f ms CPU each; %s", cpu, goal))
	return nil
}

// ask asks for a path over one connection until the end.
func (r *registry) ask(path string, end time.Time, requests *atomic.Int64) error {
	c, err := r.dial("")
	if err != nil {
		return err
	}
	defer c.close()
	request := c.request("GET", path, "")
	for time.Now().Before(end) {
		switch status, _, err := c.ask(request); {
		case err != nil:
			return err
		case status != http.StatusOK:
			return refused(request, status)
		}
		requests.Add(1)
	}
	return nil
}
