package main

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

const archPath = "/api/organization/org/box/box/version/%d.0.0/provider/virtualbox/architecture/amd64/file"

// starts is how often the start is measured.
const starts = 7

// start measures from the start of the process to the first answer.
func (b *bench) start() error {
	var times []time.Duration
	var rest int64
	for i := range starts {
		took, memory, err := b.startOnce(filepath.Join(b.dir, fmt.Sprintf("start-%d", i)))
		if err != nil {
			return err
		}
		times, rest = append(times, took), memory
	}
	say(fmt.Sprintf("start to first 200, median of %d", starts), median(times).Round(time.Millisecond).String(), "goal: at most 150ms")
	say("memory at rest", mib(rest), "goal: at most 60 MiB")
	return nil
}

// startOnce starts a registry and ends it again; rest is the memory it held then.
func (b *bench) startOnce(data string) (took time.Duration, rest int64, err error) {
	began := time.Now()
	r, err := b.begin(data)
	if err != nil {
		return 0, 0, err
	}
	defer r.stop()
	err = r.await()
	return time.Since(began), r.memory("VmRSS"), err
}

func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}

func mib(bytes int64) string { return fmt.Sprintf("%.0f MiB", float64(bytes)/(1<<20)) }

func (b *bench) rate(took time.Duration) string {
	return fmt.Sprintf("%.0f MB/s", float64(b.size)/1e6/took.Seconds())
}

// file makes the large file once: random bytes, which nothing can compress.
func (b *bench) file() (string, error) {
	path := filepath.Join(b.dir, "large.box")
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	f, err := os.Create(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	_, err = io.CopyN(f, rand.NewChaCha8([32]byte{1}), b.size)
	return path, err
}

// rounds is how often transfers are measured, in turn with what they are held against.
const rounds = 3

// upload measures the documented single request against one pass of cp and one of sha256sum, side
// by side.
func (b *bench) upload() error {
	file, err := b.file()
	if err != nil {
		return err
	}
	r, err := b.serve("upload")
	if err != nil {
		return err
	}
	var ours, theirs []time.Duration
	for i := range rounds {
		took, err := timed(func() error { return b.curl(r, file, i+1) })
		if err != nil {
			return err
		}
		ours = append(ours, took)
		took, err = timed(func() error { return b.copyAndSum(file) })
		if err != nil {
			return err
		}
		theirs = append(theirs, took)
	}
	peak, _ := r.stop()
	ratio := median(theirs).Seconds() / median(ours).Seconds()
	say(fmt.Sprintf("single-request upload of %s, hashed", mib(b.size)), b.rate(median(ours)), "cp + sha256sum side by side: "+b.rate(median(theirs)))
	say("  ratio, and peak memory", fmt.Sprintf("%.2f, %s", ratio, mib(peak)), "goals: at least 0.8, at most 100 MiB")
	return nil
}

// timed waits first until the disk has what was written before, which would else be part of the
// next measurement.
func timed(do func() error) (time.Duration, error) {
	if err := run("sync"); err != nil {
		return 0, err
	}
	began := time.Now()
	err := do()
	return time.Since(began), err
}

func (b *bench) curl(r *registry, file string, version int) error {
	return run("curl", "-sS", "--fail-with-body", "-o", os.DevNull, "-X", "POST", "--upload-file", file,
		"-H", "x-access-token: "+r.token, "-H", "Content-Type: application/octet-stream",
		r.url+fmt.Sprintf(archPath, version)+"/upload")
}

// copyAndSum copies the file and hashes it at the same time, each in one pass.
func (b *bench) copyAndSum(file string) error {
	target := filepath.Join(b.dir, "copy")
	defer os.Remove(target)
	sum := exec.Command("sha256sum", file)
	if err := sum.Start(); err != nil {
		return err
	}
	if err := run("cp", file, target); err != nil {
		return err
	}
	return sum.Wait()
}

func run(name string, args ...string) error {
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, out)
	}
	return nil
}

// push measures the presigned multipart upload of the CLI against the single request, which does not
// hash the file on the client's side, and against one that does.
func (b *bench) push() error {
	file, err := b.file()
	if err != nil {
		return err
	}
	r, err := b.serve("push")
	if err != nil {
		return err
	}
	var presigned, single, declared []time.Duration
	for i := range rounds {
		took, err := timed(func() error {
			return b.cli(r, "push", "org/box", fmt.Sprintf("%d.0.0", i+1), file, "--provider", "virtualbox")
		})
		if err != nil {
			return err
		}
		presigned = append(presigned, took)
		if took, err = timed(func() error { return b.curl(r, file, 100+i) }); err != nil {
			return err
		}
		single = append(single, took)
		if took, err = timed(func() error { return errors.Join(run("sha256sum", file), b.curl(r, file, 200+i)) }); err != nil {
			return err
		}
		declared = append(declared, took)
	}
	r.stop()
	say(fmt.Sprintf("presigned multipart push of %s", mib(b.size)), b.rate(median(presigned)), "single request in the same run: "+b.rate(median(single)))
	say("  beside a single request that is as sure", "", "sha256sum, then curl: "+b.rate(median(declared)))
	return nil
}

func (b *bench) cli(r *registry, args ...string) error {
	cmd := exec.Command(b.binary, args...)
	cmd.Env = append(os.Environ(), "BOXVAULT_URL="+r.url, "BOXVAULT_TOKEN="+r.token)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("boxvault %s: %w: %s", args[0], err, out)
	}
	return nil
}

// download measures a whole download, redirect included, with curl.
func (b *bench) download() error {
	file, err := b.file()
	if err != nil {
		return err
	}
	r, err := b.serve("download")
	if err != nil {
		return err
	}
	if err := b.curl(r, file, 1); err != nil {
		return err
	}
	var times, bare []time.Duration
	static, stop := serveFile(file)
	defer stop()
	for range rounds {
		for url, list := range map[string]*[]time.Duration{r.url + fmt.Sprintf(archPath, 1) + "/download": &times, static: &bare} {
			took, err := timed(func() error { return run("curl", "-sSfL", "-o", os.DevNull, url) })
			if err != nil {
				return err
			}
			*list = append(*list, took)
		}
	}
	r.stop()
	say(fmt.Sprintf("download of %s", mib(b.size)), b.rate(median(times)), "http.ServeFile alone in the same run: "+b.rate(median(bare)))
	return nil
}

func serveFile(path string) (url string, stop func()) {
	server := &http.Server{Addr: "127.0.0.1:0", Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, path)
	})}
	l, err := listenLoopback()
	if err != nil {
		fail(err)
	}
	go server.Serve(l)
	return "http://" + l.Addr().String(), func() { server.Close() }
}
