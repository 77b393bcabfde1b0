package metrics

import (
	"bytes"
	"fmt"

	"github.com/boxvault/boxvault/shared/registry"
)

// ContentType is that of Prometheus's text format. Source:
// prometheus.io/docs/instrumenting/exposition_formats.
const ContentType = "text/plain; version=0.0.4; charset=utf-8"

// total is a metric that is read from the registry's records.
type total struct {
	Definition
	samples func(registry.Totals) []sample
}

// sample is a value, with the value of the metric's one label if it has one.
type sample struct {
	label string
	value int64
}

func one(field func(registry.Totals) int64) func(registry.Totals) []sample {
	return func(t registry.Totals) []sample { return []sample{{"", field(t)}} }
}

var totals = []total{
	{Definition{"boxvault_accounts", "Accounts of people.", Gauge, nil}, one(func(t registry.Totals) int64 { return t.Accounts })},
	{Definition{"boxvault_organizations", "Organizations.", Gauge, nil}, one(func(t registry.Totals) int64 { return t.Organizations })},
	{Definition{"boxvault_boxes", "Boxes.", Gauge, nil}, one(func(t registry.Totals) int64 { return t.Boxes })},
	{Definition{"boxvault_stored_bytes", "Bytes of the box files that are stored.", Gauge, nil}, one(registry.Totals.StoredBytes)},
	{Definition{"boxvault_uploads_total", "Box files that were uploaded, verified and listed.", Counter, nil}, one(func(t registry.Totals) int64 { return t.Uploads })},
	{Definition{"boxvault_uploaded_bytes_total", "Bytes of those files.", Counter, nil}, one(func(t registry.Totals) int64 { return t.UploadedBytes })},
	{Definition{"boxvault_downloads_total", "Downloads of box files that were begun.", Counter, nil}, one(func(t registry.Totals) int64 { return t.Downloads })},
	{Definition{"boxvault_webhook_deliveries_total", "Attempts to deliver an event to a webhook, by outcome; parked ones were given up.", Counter, []string{"outcome"}}, deliveries},
}

func deliveries(t registry.Totals) []sample {
	return []sample{{"delivered", t.Delivered}, {"failed", t.DeliveriesFailed}, {"parked", t.DeliveriesParked}}
}

// Definitions are all metrics, but for those about the Go runtime and the process that Prometheus's
// own library adds.
func Definitions() []Definition {
	list := []Definition{Requests, Duration, Received, Sent, Build}
	for _, t := range totals {
		list = append(list, t.Definition)
	}
	return list
}

// Text writes the totals in Prometheus's text format. It needs no library for that, so that no
// function on AWS links one.
func Text(t registry.Totals) []byte {
	var out bytes.Buffer
	for _, m := range totals {
		fmt.Fprintf(&out, "# HELP %s %s\n# TYPE %[1]s %[3]s\n", m.Name, m.Help, m.Type)
		for _, s := range m.samples(t) {
			label := ""
			if s.label != "" {
				label = fmt.Sprintf("{%s=%q}", m.Labels[0], s.label)
			}
			fmt.Fprintf(&out, "%s%s %d\n", m.Name, label, s.value)
		}
	}
	return out.Bytes()
}
