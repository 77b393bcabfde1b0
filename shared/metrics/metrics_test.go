package metrics_test

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/boxvault/boxvault/shared/metrics"
	"github.com/boxvault/boxvault/shared/registry"
)

func TestNamesFollowPrometheusAndLabelsNameNobody(t *testing.T) {
	name := regexp.MustCompile(`^boxvault_[a-z_]+$`)
	harmless := map[string]bool{"route": true, "method": true, "status": true, "outcome": true, "version": true, "commit": true, "go": true}
	seen := map[string]bool{}
	for _, d := range metrics.Definitions() {
		if !name.MatchString(d.Name) || seen[d.Name] || !strings.HasSuffix(d.Help, ".") {
			t.Errorf("%s is taken, or is no name or not explained", d.Name)
		}
		if (d.Type == metrics.Counter) != strings.HasSuffix(d.Name, "_total") {
			t.Errorf("%s is a %s: counters, and they alone, end in _total", d.Name, d.Type)
		}
		for _, label := range d.Labels {
			if !harmless[label] {
				t.Errorf("%s has the label %s", d.Name, label)
			}
		}
		seen[d.Name] = true
	}
}

func TestEveryMetricIsInTheManual(t *testing.T) {
	manual, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range metrics.Definitions() {
		if !bytes.Contains(manual, []byte("`"+d.Name+"`")) {
			t.Errorf("docs/operations.md does not explain %s", d.Name)
		}
	}
}

func TestPrometheusReadsTheTotals(t *testing.T) {
	text := metrics.Text(registry.Totals{
		Accounts: 1, Organizations: 2, Boxes: 3, Uploads: 4, UploadedBytes: 1 << 60, RemovedBytes: 1, Downloads: 5,
		Delivered: 6, DeliveriesFailed: 7, DeliveriesParked: 8,
	})
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	got := map[string]float64{}
	for name, f := range families {
		for _, m := range f.Metric {
			for _, l := range m.Label {
				name += " " + l.GetValue()
			}
			got[name] = m.GetCounter().GetValue() + m.GetGauge().GetValue()
			name = f.GetName()
		}
	}
	for name, want := range map[string]float64{
		"boxvault_accounts": 1, "boxvault_organizations": 2, "boxvault_boxes": 3, "boxvault_uploads_total": 4,
		"boxvault_uploaded_bytes_total": 1 << 60, "boxvault_stored_bytes": 1<<60 - 1, "boxvault_downloads_total": 5,
		"boxvault_webhook_deliveries_total delivered": 6, "boxvault_webhook_deliveries_total failed": 7,
		"boxvault_webhook_deliveries_total parked": 8,
	} {
		if got[name] != want {
			t.Errorf("%s is %v, want %v", name, got[name], want)
		}
		delete(got, name)
	}
	if len(got) > 0 {
		t.Errorf("more is told: %v", got)
	}
}
