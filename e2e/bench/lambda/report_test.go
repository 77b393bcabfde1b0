package lambda_test

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/boxvault/boxvault/functions/deployment"
	"github.com/boxvault/boxvault/shared/gateway/lambdatest"
)

// The goals: no function takes longer to start than so many bare ones, and no zip has more bytes.
const (
	mostStarts = 3.0
	mostBytes  = 4 << 20
)

// measureZips builds each group for Lambda's machines and packs it.
func (w *world) measureZips(b *testing.B) {
	b.Helper()
	for group := range w.binaries {
		w.zips[group] = zipped(b, lambdatest.BuildFor(b, "linux", deployment.Architecture, module+"functions/"+group+"/lambda"))
		if w.zips[group] > mostBytes {
			b.Errorf("the zip of %s has %d bytes, more than %d", group, w.zips[group], mostBytes)
		}
	}
	w.zips["bare"] = zipped(b, lambdatest.BuildFor(b, "linux", deployment.Architecture, "./bare"))
}

// zipped is how many bytes the zip of a program has, as `zip -9` makes it.
func zipped(b *testing.B, binary string) (size int) {
	b.Helper()
	packed := binary + ".zip"
	if out, err := exec.CommandContext(b.Context(), "zip", "-9", "-q", "-j", packed, binary).CombinedOutput(); err != nil {
		b.Logf("no zip: %v %s", err, out)
		return 0
	}
	info, err := os.Stat(packed)
	if err != nil {
		b.Fatal(err)
	}
	return int(info.Size())
}

// report prints a line for each row, by groups, and one for each group and for the bare function.
func report(b *testing.B, zips map[string]int, rows []row) {
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	defer out.Flush()
	fmt.Fprintf(out, "medians of %d starts, in ms\n\ngroup\trow\tinit\tof bare\tfirst\twarm\tMiB\t\n", *starts)
	groups, all := []string{}, map[string]*row{"bare": {}}
	for _, r := range rows {
		line(out, r.Group+"\t"+r.Route, r)
		if all[r.Group] == nil {
			groups, all[r.Group] = append(groups, r.Group), &row{}
		}
		g := all[r.Group]
		g.samples, g.bare = append(g.samples, r.samples...), append(g.bare, r.bare...)
		all["bare"].samples, all["bare"].bare = append(all["bare"].samples, r.bare...), append(all["bare"].bare, r.bare...)
		if ratio(r) > mostStarts {
			b.Logf("%s starts in %.1f times what a bare function takes", r.Route, ratio(r))
		}
	}
	fmt.Fprintf(out, "\ngroup\tzip, MB\tinit\tof bare\tfirst\twarm\tMiB\t\n")
	for _, g := range append(groups, "bare") {
		line(out, fmt.Sprintf("%s\t%.2f", g, float64(zips[g])/1e6), *all[g])
	}
}

func line(out io.Writer, name string, r row) {
	pick := func(field func(sample) int64) time.Duration { return time.Duration(each(r.samples, field)) }
	fmt.Fprintf(out, "%s\t%s\t%.2f\t%s\t%s\t%.1f\t\n", name, milliseconds(pick(toInit)), ratio(r),
		milliseconds(pick(toFirst)), milliseconds(pick(toWarm)), float64(each(r.samples, ofMemory))/(1<<20))
}

func ratio(r row) float64 { return float64(each(r.samples, toInit)) / float64(each(r.bare, toInit)) }

func toInit(s sample) int64   { return int64(s.init) }
func toFirst(s sample) int64  { return int64(s.first) }
func toWarm(s sample) int64   { return int64(s.warm) }
func ofMemory(s sample) int64 { return s.memory }

// each is the median of one field.
func each(samples []sample, field func(sample) int64) int64 {
	var list []int64
	for _, s := range samples {
		list = append(list, field(s))
	}
	return median(list)
}
