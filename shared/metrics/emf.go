package metrics

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/boxvault/boxvault/shared/route"
)

// Namespace is where CloudWatch has the metrics.
const Namespace = "BoxVault"

// EMF makes the log of a function on AWS one that CloudWatch reads metrics from (Embedded Metric
// Format): the line of each request says which of its members are metrics and which are
// dimensions. So a request is one line still, and no call of an API is made.
//
// Every pair of dimensions is a metric that is paid for: there is the duration by registry, route
// and class of status, whose SampleCount is the number of requests, and the bytes by registry. The
// registry is the name of its table. Source:
// docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html.
func EMF(log slog.Handler, registry string) slog.Handler { return emf{log, registry} }

type emf struct {
	slog.Handler
	registry string
}

// Handle adds what the format asks for to the lines of requests.
func (e emf) Handle(ctx context.Context, r slog.Record) error {
	if r.Message == route.LogMessage {
		r = r.Clone()
		r.AddAttrs(
			slog.String("registry", e.registry), slog.String("class", class(r)),
			slog.Any("_aws", metadata{r.Time.UnixMilli(), directives}),
		)
	}
	return e.Handler.Handle(ctx, r)
}

// WithAttrs keeps the format.
func (e emf) WithAttrs(attrs []slog.Attr) slog.Handler {
	return emf{e.Handler.WithAttrs(attrs), e.registry}
}

// WithGroup does not keep it: the members would no longer be those of the root.
func (e emf) WithGroup(name string) slog.Handler { return e.Handler.WithGroup(name) }

// class is 2xx for a status of 204; a dimension has to be a string.
func class(r slog.Record) (class string) {
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "status" {
			class = fmt.Sprintf("%dxx", a.Value.Int64()/100)
		}
		return class == ""
	})
	return class
}

type metadata struct {
	Timestamp         int64 // milliseconds since 1970
	CloudWatchMetrics []directive
}

type directive struct {
	Namespace  string
	Dimensions [][]string
	Metrics    []metric
}

type metric struct{ Name, Unit string }

// directives name members of a request's line in the log.
var directives = []directive{
	{Namespace, [][]string{{"registry", "route", "class"}}, []metric{{"ms", "Milliseconds"}}},
	{Namespace, [][]string{{"registry"}}, []metric{{"received", "Bytes"}, {"sent", "Bytes"}}},
}
