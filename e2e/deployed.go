package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
)

// LocalStack is the target that localstack/up.sh has deployed: the core stack, on an emulator.
const LocalStack = "localstack"

// outputs is what localstack/up.sh writes.
const outputs = "../localstack/outputs.json"

// deployed is a core stack on an emulator.
type deployed struct {
	// URL is where clients reach the registry, Emulator where AWS's own services are.
	URL, Emulator string
	// Stack is the stack's name, which its functions begin with.
	Stack string
	// Table and Bucket are what it keeps things in.
	Table, Bucket string
	// RelayLog is the file that the relay logs to, as its container's would be in CloudWatch.
	RelayLog string
	// Here tells that the functions are processes of this machine.
	Here bool
}

// readDeployed reads what localstack/up.sh has written.
func readDeployed(path string) (*deployed, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, errors.New("nothing is deployed: run localstack/up.sh")
	}
	if err != nil {
		return nil, err
	}
	var d deployed
	if err := json.Unmarshal(raw, &d); err != nil || d.URL == "" || d.Emulator == "" || d.Stack == "" {
		return nil, fmt.Errorf("%s is not what localstack/up.sh writes: run it again (%v)", path, err)
	}
	return &d, nil
}

// readLogs takes what the functions and the relay of a target have logged, if it is on an emulator.
func (t *Target) readLogs() error {
	if t.cloud == nil {
		return nil
	}
	var groups struct {
		LogGroups []struct{ LogGroupName string }
	}
	raw, err := os.ReadFile(t.cloud.RelayLog)
	if err != nil {
		return err
	}
	t.readLines(string(raw))
	in := map[string]any{"logGroupNamePrefix": "/aws/lambda/" + t.cloud.Stack + "-"}
	return t.cloud.pages("DescribeLogGroups", in, &groups, func() error {
		for _, group := range groups.LogGroups {
			if err := t.readLog(group.LogGroupName); err != nil {
				return err
			}
		}
		return nil
	})
}

// readLog takes the log of one function. A line in braces is the function's own, others are Lambda's.
func (t *Target) readLog(group string) error {
	var log struct{ Events []struct{ Message string } }
	return t.cloud.pages("FilterLogEvents", map[string]any{"logGroupName": group}, &log, func() error {
		for _, event := range log.Events {
			t.readLines(event.Message)
		}
		return nil
	})
}

func (t *Target) readLines(text string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "{") || strings.HasPrefix(line, "panic") {
			t.Log.read(line)
		}
	}
}

// pages calls CloudWatch Logs until there is no further page
// (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference).
func (d *deployed) pages(operation string, in map[string]any, out any, each func() error) error {
	for {
		var next struct{ NextToken string }
		body, err := d.call(operation, in)
		if err == nil {
			err = errors.Join(json.Unmarshal(body, out), json.Unmarshal(body, &next))
		}
		if err != nil {
			return fmt.Errorf("%s: %w", operation, err)
		}
		if err := each(); err != nil || next.NextToken == "" {
			return err
		}
		in["nextToken"] = next.NextToken
	}
}

// call sends what an emulator takes for a signed request: it looks for the service in the scope.
func (d *deployed) call(operation string, in any) ([]byte, error) {
	raw, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequest("POST", d.Emulator, bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	req.Header.Set("X-Amz-Target", "Logs_20140328."+operation)
	req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/logs/aws4_request, SignedHeaders=host, Signature=0")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", resp.Status, body)
	}
	return body, err
}
