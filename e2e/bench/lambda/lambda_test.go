// Package lambda_test measures the functions of a deployment: `make bench-lambda`. Each row's real
// bootstrap runs as Lambda runs it (shared/gateway/lambdatest), over a table of a real DynamoDB server and
// a bucket of a real S3 server, beside a function that does nothing, which is started in turn with it.
package lambda_test

import (
	"flag"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/boxvault/boxvault/functions/deployment"
	"github.com/boxvault/boxvault/shared/gateway/lambdatest"
)

var (
	starts = flag.Int("starts", 5, "how often each row is started")
	only   = flag.String("group", "", "measure this group only")
)

// warm is how often a function is asked again after it was started.
const warm = 9

// sample is what a function took.
type sample struct {
	init, first, warm time.Duration
	memory            int64 // bytes, at the most
}

// row is a function and what its starts took, each beside a start of the bare one.
type row struct {
	deployment.Function
	samples, bare []sample
}

// BenchmarkFunctions prints its figures itself; the one that the framework prints is how long all took.
func BenchmarkFunctions(b *testing.B) {
	w := build(b)
	w.measureZips(b)
	for b.Loop() {
		rows := w.rows()
		for range *starts {
			for i := range rows {
				r := &rows[i]
				r.bare = append(r.bare, start(b, w.bare, nil, []byte("{}")))
				r.samples = append(r.samples, start(b, w.binaries[r.Group], w.environment(r.Route), w.event(b, r.Function)))
			}
		}
		report(b, w.zips, rows)
	}
}

// scope is a test within the benchmark, at the end of which a function and its Runtime API go.
type scope struct {
	testing.TB
	ends []func()
}

func (s *scope) Cleanup(end func()) { s.ends = append(s.ends, end) }

// start starts a function, and asks it as often as a sample has it.
func start(b *testing.B, binary string, env []string, event []byte) (taken sample) {
	b.Helper()
	s := &scope{TB: b}
	defer func() {
		for _, end := range slices.Backward(s.ends) {
			end()
		}
	}()
	f := lambdatest.Start(s, binary, env)
	var err error
	if taken.init, err = f.Init(); err != nil {
		b.Fatalf("%v: %s", err, f.Output())
	}
	taken.first = ask(b, f, event)
	var again []time.Duration
	for range warm {
		again = append(again, ask(b, f, event))
	}
	taken.warm = median(again)
	if taken.memory, err = f.PeakMemory(); err != nil {
		b.Log(err)
	}
	return taken
}

func ask(b *testing.B, f *lambdatest.Function, event []byte) time.Duration {
	b.Helper()
	began := time.Now()
	answer, err := f.Invoke(b, rawEvent(event))
	took := time.Since(began)
	if err == nil {
		err = fault(answer)
	}
	if err != nil {
		b.Fatalf("%v: %s", err, f.Output())
	}
	return took
}

func median[T ~int64](of []T) T {
	sorted := slices.Sorted(slices.Values(of))
	if len(sorted) == 0 {
		return 0
	}
	return sorted[len(sorted)/2]
}

func milliseconds(d time.Duration) string { return fmt.Sprintf("%.1f", float64(d)/1e6) }
