package infra

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/functions/deployment"
)

// watchedRegistry is the registry with alarms.
var watchedRegistry = sync.OnceValues(func() (synthesized, error) {
	p := Defaults
	p.AlarmMail, p.Reserve = "ops@example.com", "DoWork=10,SignIn=20"
	return synthesize(functions.Groups(), p)
})

// cfnAlarm is what the checks read of an alarm.
type cfnAlarm struct {
	AlarmName, Namespace, MetricName, Statistic, TreatMissingData, ComparisonOperator string
	Dimensions                                                                        []struct{ Name, Value string }
	Threshold, Period, EvaluationPeriods                                              float64
	AlarmActions, OKActions                                                           []string
}

func TestAWatchedRegistryIsDeployedAsTheRowsSay(t *testing.T) {
	s, err := watchedRegistry()
	s = must(t, s, err)
	for _, fault := range inspect(s.read(t), s.Parameters, deployment.PerRoute(s.groups)) {
		t.Error(fault)
	}
}

func TestAlarmsWatchWhatIsThere(t *testing.T) {
	s, err := watchedRegistry()
	in := &inspection{cloud: must(t, s, err).read(t), Parameters: s.Parameters}
	api, table, work := in.ref("AWS::ApiGatewayV2::Api"), in.ref("AWS::DynamoDB::Table"), in.workQueue()
	dead := in.deref(all[sqsQueue](in.cloud, "AWS::SQS::Queue")[work].RedrivePolicy.DeadLetterTargetArn)
	want := map[string]string{
		"ApiFaults":           "AWS/ApiGateway 5xx Sum of ApiId " + api,
		"Throttles":           "AWS/Lambda Throttles Sum",
		"QueueAge":            "AWS/SQS ApproximateAgeOfOldestMessage Maximum of QueueName ${" + work + ".QueueName}",
		"DeadLetters":         "AWS/SQS ApproximateNumberOfMessagesVisible Maximum of QueueName ${" + dead + ".QueueName}",
		"TableReadThrottles":  "AWS/DynamoDB ReadThrottleEvents Sum of TableName " + table,
		"TableWriteThrottles": "AWS/DynamoDB WriteThrottleEvents Sum of TableName " + table,
		"DoWorkErrors":        "AWS/Lambda Errors Sum of FunctionName BoxVault-DoWork",
		"ForwardWorkErrors":   "AWS/Lambda Errors Sum of FunctionName BoxVault-ForwardWork",
		"SweepWorkErrors":     "AWS/Lambda Errors Sum of FunctionName BoxVault-SweepWork",
	}
	topic := []string{in.ref("AWS::SNS::Topic")}
	for _, a := range all[cfnAlarm](in.cloud, "AWS::CloudWatch::Alarm") {
		watches := strings.Join([]string{a.Namespace, a.MetricName, a.Statistic}, " ")
		for _, d := range a.Dimensions {
			watches += " of " + d.Name + " " + d.Value
		}
		name := strings.TrimPrefix(a.AlarmName, "BoxVault-")
		if want[name] != watches {
			t.Errorf("%s watches %s, want %s", a.AlarmName, watches, want[name])
		}
		if !slices.Equal(a.AlarmActions, topic) || !slices.Equal(a.OKActions, topic) || a.TreatMissingData != "notBreaching" ||
			a.ComparisonOperator != "GreaterThanThreshold" || a.Period != 300 || a.EvaluationPeriods != 1 {
			t.Errorf("%s is %+v", name, a)
		}
		delete(want, name)
	}
	for name := range want {
		t.Errorf("there is no alarm %s", name)
	}
}

func TestWhoIsToldOfAlarms(t *testing.T) {
	s, err := watchedRegistry()
	must(t, s, err).has(t, "AWS::SNS::Topic", object{
		"Subscription": []object{{"Protocol": "email", "Endpoint": "ops@example.com"}},
	})
}

func TestTheDashboardIsJSONOfTheRegistrysMetrics(t *testing.T) {
	s, err := watchedRegistry()
	c := must(t, s, err).read(t)
	for _, d := range all[struct{ DashboardName, DashboardBody string }](c, "AWS::CloudWatch::Dashboard") {
		var body struct {
			Widgets []struct{ Properties struct{ Metrics [][]any } }
		}
		if err := json.Unmarshal([]byte(d.DashboardBody), &body); err != nil || len(body.Widgets) != 8 || d.DashboardName != "BoxVault" {
			t.Errorf("the dashboard %s has %d widgets, error %v:\n%s", d.DashboardName, len(body.Widgets), err, d.DashboardBody)
		}
		for _, namespace := range []string{"AWS/ApiGateway", "AWS/Lambda", "AWS/SQS", "AWS/DynamoDB", "BoxVault,registry,route,class"} {
			if !strings.Contains(d.DashboardBody, namespace) {
				t.Errorf("nothing on it is of %s", namespace)
			}
		}
	}
}

// Who is woken by an alarm finds what to do.
func TestOperationsSaysWhatToDoForEachAlarm(t *testing.T) {
	raw, err := os.ReadFile("../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	s, err := watchedRegistry()
	for _, a := range all[cfnAlarm](must(t, s, err).read(t), "AWS::CloudWatch::Alarm") {
		if name := strings.TrimPrefix(a.AlarmName, "BoxVault-"); !strings.Contains(string(raw), "| `"+name+"` |") {
			t.Errorf("docs/operations.md has no row for the alarm %s", name)
		}
	}
}
