package embedded

import (
	"testing"

	"github.com/boxvault/boxvault/shared/metrics"
)

func TestMetricsAreOpenOnThisMachineOnly(t *testing.T) {
	for addr, want := range map[string]bool{"": true, "127.0.0.1:0": true, "[::1]:80": true, "localhost:80": true, "0.0.0.0:80": false, "192.0.2.1:80": false} {
		o, err := Options{Addr: addr, URL: "https://boxes.example.com"}.withDefaults()
		if err != nil || (o.Metrics == metrics.Open) != want {
			t.Errorf("on %q the metrics are %q, %v", addr, o.Metrics, err)
		}
	}
}
