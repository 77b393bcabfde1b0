// Package metrics is what a registry counts, and how that is told: in the text that Prometheus
// scrapes, and in the log lines that CloudWatch makes metrics of.
//
// What one process sees of its requests is counted by package process. The totals come from the
// registry's records, and so hold over restarts and over all functions on AWS. No label ever has
// the name of a box, an organization or an account.
package metrics

import "errors"

// Definition is a metric.
type Definition struct {
	Name   string
	Help   string
	Type   Type
	Labels []string
}

// Type is a kind of metric, as Prometheus's text format calls it.
type Type string

// The types.
const (
	Counter   Type = "counter"
	Gauge     Type = "gauge"
	Histogram Type = "histogram"
)

// What one process counts; it starts at zero with the process.
var (
	Requests = Definition{"boxvault_http_requests_total", "Requests that were answered.", Counter, []string{"route", "method", "status"}}
	Duration = Definition{"boxvault_http_request_duration_seconds", "Time from a request's head to the end of its answer.", Histogram, []string{"route"}}
	Received = Definition{"boxvault_http_received_bytes_total", "Bytes of request bodies that were read.", Counter, []string{"route"}}
	Sent     = Definition{"boxvault_http_sent_bytes_total", "Bytes of answers' bodies.", Counter, []string{"route"}}
	Build    = Definition{"boxvault_build_info", "Always 1; the labels tell which program this is.", Gauge, []string{"version", "commit", "go"}}
)

// Access says who may read the metrics.
type Access string

// The settings. Empty is Token.
const (
	Open  Access = "open"  // anyone
	Token Access = "token" // platform admins and their service accounts
)

// ParseAccess reads the setting.
func ParseAccess(s string) (Access, error) {
	switch Access(s) {
	case Open, Token:
		return Access(s), nil
	default:
		return "", errors.New("metrics must be open or token")
	}
}
