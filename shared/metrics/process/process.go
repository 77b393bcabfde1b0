// Package process counts what one process sees of its requests, and tells it to Prometheus together
// with what is to be known of the process itself.
package process

import (
	"io"
	"runtime"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/common/expfmt"

	"github.com/boxvault/boxvault/shared/metrics"
	"github.com/boxvault/boxvault/shared/route"
)

// Metrics are the counters of a process.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	received *prometheus.CounterVec
	sent     *prometheus.CounterVec
}

// buckets are seconds: from an answer out of memory to an upload of many gigabytes.
var buckets = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 1800}

// New makes counters that are at zero. Version and commit tell which program this is.
func New(version, commit string) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: counter(metrics.Requests),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: metrics.Duration.Name, Help: metrics.Duration.Help, Buckets: buckets,
		}, metrics.Duration.Labels),
		received: counter(metrics.Received),
		sent:     counter(metrics.Sent),
	}
	build := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: metrics.Build.Name, Help: metrics.Build.Help}, metrics.Build.Labels)
	build.WithLabelValues(version, commit, runtime.Version()).Set(1)
	m.registry.MustRegister(m.requests, m.duration, m.received, m.sent, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func counter(d metrics.Definition) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: d.Name, Help: d.Help}, d.Labels)
}

// Observe counts a request.
func (m *Metrics) Observe(x route.Exchange) {
	m.requests.WithLabelValues(x.Route, method(x.Method), strconv.Itoa(x.Status)).Inc()
	m.duration.WithLabelValues(x.Route).Observe(x.Took.Seconds())
	m.received.WithLabelValues(x.Route).Add(float64(x.Received))
	m.sent.WithLabelValues(x.Route).Add(float64(x.Sent))
}

// method keeps strangers from making time series of their own.
func method(m string) string {
	switch m {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS":
		return m
	default:
		return "other"
	}
}

// Write tells all of it in Prometheus's text format.
func (m *Metrics) Write(w io.Writer) error {
	families, err := m.registry.Gather()
	if err != nil {
		return err
	}
	out := expfmt.NewEncoder(w, expfmt.NewFormat(expfmt.TypeTextPlain))
	for _, f := range families {
		if err := out.Encode(f); err != nil {
			return err
		}
	}
	return nil
}
