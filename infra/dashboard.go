package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/jsii-runtime-go"

	"github.com/boxvault/boxvault/functions/deployment"
	"github.com/boxvault/boxvault/shared/metrics"
)

// addDashboard makes one page of what the alarms watch, and of what they do not: how much there is to
// do, and which rows are slow.
func (c core) addDashboard() {
	var behind []metric
	for _, f := range deployment.Behind() {
		behind = append(behind, c.errorsOf(f))
	}
	widgets := []any{
		c.graph(0, "Requests", c.apiMetric("Count", "Sum"), c.apiMetric("4xx", "Sum"), c.apiMetric("5xx", "Sum")),
		c.graph(1, "Milliseconds, of 99 in 100 requests", c.apiMetric("Latency", "p99")),
		c.widget(2, "Milliseconds by row", []any{[]any{object{"expression": c.rowsSearch(), "label": "", "id": "rows"}}}),
		c.graph(3, "Executions of the account, and those there was no room for",
			account("ConcurrentExecutions", "Maximum"), account("Throttles", "Sum")),
		c.graph(4, "Work: the oldest message, and what was given up",
			queueMetric("ApproximateAgeOfOldestMessage", c.queues.work.QueueName()),
			queueMetric("ApproximateNumberOfMessagesVisible", c.queues.dead.QueueName())),
		c.graph(5, "Functions behind requests that died", behind...),
		c.graph(6, "Units of the table", c.tableMetric("ConsumedReadCapacityUnits"), c.tableMetric("ConsumedWriteCapacityUnits")),
		c.graph(7, "What the table turned away", c.tableMetric("ReadThrottleEvents"), c.tableMetric("WriteThrottleEvents")),
	}
	if c.Distribution != "" {
		edge := c.graph(len(widgets), "Requests at the edge, and how many in 100 were answered 5xx",
			c.edgeMetric("Requests", "Sum"), c.edgeMetric("5xxErrorRate", "Average"))
		edge["properties"].(object)["region"] = edgeRegion
		widgets = append(widgets, edge)
	}
	awscloudwatch.NewCfnDashboard(c.stack, jsii.String("Dashboard"), &awscloudwatch.CfnDashboardProps{
		DashboardName: jsii.String(c.Stack),
		DashboardBody: c.stack.ToJsonString(object{"widgets": widgets}, nil),
	})
}

// object is a value of JSON.
type object = map[string]any

// graph is the nth widget, of metrics.
func (c core) graph(n int, title string, list ...metric) object {
	lines := make([]any, len(list))
	for i, m := range list {
		line := []any{m.namespace, m.name}
		if m.of != "" {
			line = append(line, m.of, m.which)
		}
		if m.namespace == ofCloudFront {
			line = append(line, "Region", "Global")
		}
		lines[i] = append(line, object{"stat": m.statistic})
	}
	return c.widget(n, title, lines)
}

// widget is the nth of two in a row.
func (c core) widget(n int, title string, lines []any) object {
	const width, height = 12, 6
	return object{
		"type": "metric", "x": n % 2 * width, "y": n / 2 * height, "width": width, "height": height,
		"properties": object{"title": title, "region": c.stack.Region(), "period": period, "view": "timeSeries", "metrics": lines},
	}
}

// rowsSearch finds what the functions' logs tell of each row.
func (c core) rowsSearch() string {
	return `SEARCH('{` + metrics.Namespace + `,registry,route,class} MetricName="ms" registry="` + *c.table.TableName() + `"', 'p99', ` + "300)"
}
