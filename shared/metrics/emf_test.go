package metrics_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/metrics"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

type service struct{}

func (service) Do(context.Context, registry.Caller, route.Nothing) (string, error) {
	return "", registry.Missing("box")
}

// document is what CloudWatch wants of a line, with the names its specification has.
type document struct {
	AWS struct {
		Timestamp         int64
		CloudWatchMetrics []struct {
			Namespace  string
			Dimensions [][]string
			Metrics    []struct{ Name, Unit string }
		}
	} `json:"_aws"`
}

func TestCloudWatchMakesMetricsOfTheLineOfARequest(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(metrics.EMF(slog.NewJSONHandler(&out, nil), "boxes-table")).With("function", "Do")
	shell := route.Shell{Identify: func(*http.Request) (registry.Caller, error) { return registry.Caller{}, nil }, Log: log}
	before := time.Now().UnixMilli()
	shell.Handler(route.Row{Name: "Do", Handler: route.To(service.Do)}, service{}).
		ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/acme/debian", nil))

	var d document
	var root map[string]any
	for _, into := range []any{&d, &root} {
		if err := json.Unmarshal(out.Bytes(), into); err != nil { // one line, and nothing around it
			t.Fatal(err)
		}
	}
	if at := d.AWS.Timestamp; at < before || at > time.Now().UnixMilli() {
		t.Errorf("the time is %d", at)
	}
	metricsSeen := map[string]string{}
	for _, m := range d.AWS.CloudWatchMetrics {
		if m.Namespace != "BoxVault" || len(m.Dimensions) == 0 || len(m.Metrics) == 0 || len(m.Metrics) > 100 {
			t.Errorf("the directive %+v is not as it must be", m)
		}
		for _, set := range m.Dimensions {
			for _, name := range set {
				if value, ok := root[name].(string); !ok || value == "" || len(set) > 9 {
					t.Errorf("the dimension %s is %v", name, root[name])
				}
			}
		}
		for _, metric := range m.Metrics {
			if _, ok := root[metric.Name].(float64); !ok {
				t.Errorf("the metric %s is %v", metric.Name, root[metric.Name])
			}
			metricsSeen[metric.Name] = metric.Unit
		}
	}
	if metricsSeen["ms"] != "Milliseconds" || metricsSeen["received"] != "Bytes" || metricsSeen["sent"] != "Bytes" {
		t.Errorf("the metrics are %v", metricsSeen)
	}
	if root["registry"] != "boxes-table" || root["route"] != "Do" || root["class"] != "4xx" || root["function"] != "Do" {
		t.Errorf("the line is %s", out.Bytes())
	}
}

func TestOtherLinesAreNoMetrics(t *testing.T) {
	var out bytes.Buffer
	slog.New(metrics.EMF(slog.NewJSONHandler(&out, nil), "boxes-table")).Error("start", "error", "no table")
	if bytes.Contains(out.Bytes(), []byte("_aws")) {
		t.Errorf("logged %s", out.Bytes())
	}
}
