package process_test

import (
	"bytes"
	"fmt"
	"sync"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/boxvault/boxvault/shared/metrics"
	"github.com/boxvault/boxvault/shared/metrics/process"
	"github.com/boxvault/boxvault/shared/route"
)

func scrape(t *testing.T, m *process.Metrics) map[string]*dto.MetricFamily {
	t.Helper()
	var out bytes.Buffer
	if err := m.Write(&out); err != nil {
		t.Fatal(err)
	}
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(&out)
	if err != nil {
		t.Fatal(err)
	}
	return families
}

func TestRequestsAreCountedFromManyAtOnce(t *testing.T) {
	m := process.New("v1", "abc")
	var all sync.WaitGroup
	for i := range 100 {
		all.Go(func() {
			m.Observe(route.Exchange{Route: "ReadBox", Method: "GET", Status: 200 + i%2*204, Took: 20 * time.Millisecond, Received: 2, Sent: 3})
		})
	}
	all.Wait()
	got := scrape(t, m)
	for _, series := range got[metrics.Requests.Name].Metric {
		if series.Counter.GetValue() != 50 {
			t.Errorf("%v", series)
		}
	}
	took := got[metrics.Duration.Name].Metric[0].Histogram
	if took.GetSampleCount() != 100 || took.GetSampleSum() < 1.99 || took.GetSampleSum() > 2.01 {
		t.Errorf("durations are %v", took)
	}
	if r, s := got[metrics.Received.Name].Metric[0], got[metrics.Sent.Name].Metric[0]; r.Counter.GetValue() != 200 || s.Counter.GetValue() != 300 {
		t.Errorf("bytes are %v and %v", r, s)
	}
	for _, name := range []string{"go_goroutines", "go_memstats_heap_alloc_bytes", metrics.Build.Name} {
		if got[name] == nil {
			t.Errorf("%s is not told", name)
		}
	}
}

// A time series for each word would fill Prometheus.
func TestStrangersMakeNoSeriesOfTheirOwn(t *testing.T) {
	m := process.New("v1", "")
	for i := range 1000 {
		m.Observe(route.Exchange{Route: "NotFound", Method: fmt.Sprint("BREW", i), Path: fmt.Sprint("/", i), Caller: fmt.Sprint(i), Status: 404})
	}
	if n := len(scrape(t, m)[metrics.Requests.Name].Metric); n != 1 {
		t.Errorf("%d series were made", n)
	}
}

func TestWhatIsToldIsWhatIsDefined(t *testing.T) {
	m := process.New("v1", "")
	m.Observe(route.Exchange{Route: "ReadBox", Method: "GET", Status: 200})
	got := scrape(t, m)
	for _, d := range []metrics.Definition{metrics.Requests, metrics.Duration, metrics.Received, metrics.Sent, metrics.Build} {
		f := got[d.Name]
		if f == nil {
			t.Fatalf("%s is not told", d.Name)
		}
		labels := map[string]bool{}
		for _, l := range f.Metric[0].Label {
			labels[l.GetName()] = true
		}
		for _, name := range d.Labels {
			if !labels[name] {
				t.Errorf("%s lacks the label %s", d.Name, name)
			}
		}
		if f.GetHelp() != d.Help || len(labels) != len(d.Labels) {
			t.Errorf("%s has the labels %v and the help %q", d.Name, labels, f.GetHelp())
		}
	}
}
