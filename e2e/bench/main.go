// Command bench measures a registry as its users meet it: the real binary as a process of its own,
// real files, real requests, on this machine. It prints the figures of docs/performance.md.
//
//	go run ./e2e/bench [-size 1024] [-boxes 100000] [-only start,upload,push,publish,download,metadata,sign-in,growth]
//
// Rates are ratios worth comparing only within one run: what they are held against (cp, sha256sum)
// runs beside them.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// bench is one run of measurements.
type bench struct {
	binary string
	dir    string // for data and files, removed at the end
	size   int64  // bytes of the large file
	boxes  int    // of the large registry
}

func main() {
	size := flag.Int64("size", 1024, "size of the large file in MiB")
	boxes := flag.Int("boxes", 100_000, "boxes of the registry that growth is measured with")
	only := flag.String("only", "", "comma separated: start, upload, push, publish, download, metadata, sign-in, growth (all)")
	binary := flag.String("binary", "build/boxvault", "the boxvault command")
	flag.Parse()
	dir, err := os.MkdirTemp("", "boxvault-bench-")
	if err != nil {
		fail(err)
	}
	defer os.RemoveAll(dir)
	path, err := filepath.Abs(*binary)
	if err != nil {
		fail(err)
	}
	b := &bench{binary: path, dir: dir, size: *size << 20, boxes: *boxes}
	if err := b.run(strings.FieldsFunc(*only, func(r rune) bool { return r == ',' })); err != nil {
		os.RemoveAll(dir)
		fail(err)
	}
}

func (b *bench) run(only []string) error {
	for _, m := range []struct {
		name    string
		measure func() error
	}{
		{"start", b.start}, {"upload", b.upload}, {"push", b.push}, {"publish", b.publish}, {"download", b.download}, {"metadata", b.metadata},
		{"sign-in", b.signIn}, {"growth", b.growth},
	} {
		if len(only) > 0 && !slices.Contains(only, m.name) {
			continue
		}
		if err := m.measure(); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	return nil
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "bench:", err)
	os.Exit(1)
}

// say prints one figure: what, how much, and what it is held against.
func say(what, figure, beside string) {
	fmt.Printf("%-52s %-22s %s\n", what, figure, beside)
}
