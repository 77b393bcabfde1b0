package embedded_test

import (
	"bytes"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/boxvault/boxvault/embedded"
	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/shared/metrics"
)

// scrape reads the metrics as Prometheus does. What it returns sums up the series of a metric whose
// labels have these values.
func scrape(t *testing.T, r *embeddedtest.Registry) func(metric string, labels ...string) float64 {
	t.Helper()
	raw := r.Do(t, "GET", "/metrics", "", nil).Want(t, 200).Body
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("%v in\n%s", err, raw)
	}
	return func(metric string, labels ...string) (sum float64) {
		for _, series := range families[metric].GetMetric() {
			if has(series, labels) {
				sum += series.GetCounter().GetValue() + series.GetGauge().GetValue() + float64(series.GetHistogram().GetSampleCount())
			}
		}
		return sum
	}
}

// settled scrapes until what was done behind the requests is counted.
func settled(t *testing.T, r *embeddedtest.Registry, metric string, want float64) func(metric string, labels ...string) float64 {
	t.Helper()
	for range 1000 {
		if told := scrape(t, r); told(metric) == want {
			return told
		}
	}
	t.Fatalf("%s is not %v", metric, want)
	return nil
}

func has(series *dto.Metric, labels []string) bool {
	values := map[string]bool{}
	for _, l := range series.Label {
		values[l.GetValue()] = true
	}
	for _, want := range labels {
		if !values[want] {
			return false
		}
	}
	return true
}

const arch = "/api/organization/acme/box/debian/version/1.0.0/provider/virtualbox/architecture/amd64"

func TestScrapedTwiceItAddsUp(t *testing.T) {
	r := embeddedtest.Start(t)
	token := r.SignUp(t, "ada")
	r.Organization(t, token, "acme")
	r.Box(t, token, "acme", "debian", true)
	before := settled(t, r, "boxvault_boxes", 1)

	body := strings.Repeat("no archive at all", 1000)
	r.Do(t, "POST", arch+"/file/upload", token, body).Want(t, 200)
	r.Box(t, token, "acme", "other", false)
	for range 3 {
		r.Do(t, "GET", "/acme/boxes/debian/versions/1.0.0/providers/virtualbox/amd64/vagrant.box", "", nil).Want(t, 200)
		r.Do(t, "GET", "/api/organization/acme/box/nowhere", "", nil).Want(t, 404)
	}
	settled(t, r, "boxvault_uploads_total", 1)
	after := settled(t, r, "boxvault_boxes", 2)

	size := float64(len(body))
	for _, c := range []struct {
		metric string
		labels []string
		more   float64
	}{
		// Each download is two: the row, and the link that it leads to.
		{"boxvault_http_requests_total", []string{"UploadRaw", "POST", "200"}, 1},
		{"boxvault_http_requests_total", []string{"ReadBox", "GET", "404"}, 3},
		{"boxvault_http_requests_total", []string{"Download", "GET", "302"}, 3},
		{"boxvault_http_requests_total", []string{"BoxFile", "GET", "200"}, 3},
		{"boxvault_http_request_duration_seconds", []string{"ReadBox"}, 3},
		{"boxvault_http_received_bytes_total", []string{"UploadRaw"}, size},
		{"boxvault_http_sent_bytes_total", []string{"BoxFile"}, 3 * size},
		{"boxvault_accounts", nil, 0}, {"boxvault_organizations", nil, 0}, {"boxvault_boxes", nil, 1},
		{"boxvault_uploads_total", nil, 1}, {"boxvault_uploaded_bytes_total", nil, size},
		{"boxvault_stored_bytes", nil, size}, {"boxvault_downloads_total", nil, 3},
	} {
		if got := after(c.metric, c.labels...) - before(c.metric, c.labels...); got != c.more {
			t.Errorf("%s %v grew by %v, want %v", c.metric, c.labels, got, c.more)
		}
	}
}

// A counter that fell would be taken for a new process; a total is one of all of them.
func TestTotalsHoldOverARestart(t *testing.T) {
	data := t.TempDir()
	here := func(o *embedded.Options) { o.Data = data }
	first := embeddedtest.Start(t, here)
	first.SignUp(t, "ada")
	before := settled(t, first, "boxvault_accounts", 1)
	first.Stop()
	after := scrape(t, embeddedtest.Start(t, here))
	if before("boxvault_accounts") != 1 || after("boxvault_accounts") != 1 {
		t.Errorf("%v accounts became %v", before("boxvault_accounts"), after("boxvault_accounts"))
	}
}

func TestNoNameIsInTheMetrics(t *testing.T) {
	r := embeddedtest.Start(t)
	token := r.SignUp(t, "adalovelace")
	r.Organization(t, token, "lovelaces")
	r.Box(t, token, "lovelaces", "secretbox", false)
	raw := r.Do(t, "GET", "/metrics", "", nil).Want(t, 200).Body
	for _, name := range []string{"adalovelace", "lovelaces", "secretbox", "127.0.0.1", r.Data} {
		if bytes.Contains(raw, []byte(name)) {
			t.Errorf("the metrics tell of %s", name)
		}
	}
}

func TestMetricsAreOpenOnLoopbackUnlessATokenIsAskedFor(t *testing.T) {
	r := embeddedtest.Start(t, func(o *embedded.Options) { o.Metrics = metrics.Token })
	r.Do(t, "GET", "/metrics", "", nil).WantError(t, 401, "TOKEN_INVALID")
	r.Do(t, "GET", "/metrics", r.SignUp(t, "root"), nil).Want(t, 200)
}
