package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestATargetThatIsNotUpSaysWhatToDo: each with one line.
func TestATargetThatIsNotUpSaysWhatToDo(t *testing.T) {
	t.Parallel()
	missing := filepath.Join(t.TempDir(), "outputs.json")
	if _, err := readDeployed(missing); err == nil || err.Error() != "nothing is deployed: run localstack/up.sh" {
		t.Errorf("nothing deployed: %v", err)
	}
	for _, text := range []string{"", "{}", `{"URL":"http://127.0.0.1:1"}`, `{"URL":1}`} {
		path := filepath.Join(t.TempDir(), "outputs.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := readDeployed(path); err == nil || !strings.Contains(err.Error(), "run it again") {
			t.Errorf("%q: %v", text, err)
		}
	}
	none := httptest.NewServer(http.NotFoundHandler())
	defer none.Close()
	for url, words := range map[string]string{none.URL: "is no registry", "http://127.0.0.1:1": "does not answer"} {
		opened, err := OpenTarget(url, target.Binary)
		if err == nil || !strings.Contains(err.Error(), words) || strings.Contains(err.Error(), "\n") || opened != nil {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// logs is CloudWatch Logs with two functions, a page for each, of which the second has met a fault.
func logs(t *testing.T) *httptest.Server {
	pages := map[string]string{
		"DescribeLogGroups ":        `{"logGroups":[{"logGroupName":"/aws/lambda/B-First"}],"nextToken":"2"}`,
		"DescribeLogGroups 2":       `{"logGroups":[{"logGroupName":"/aws/lambda/B-Second"}]}`,
		"/aws/lambda/B-First ":      `{"events":[{"message":"START RequestId: 1\n"},{"message":"{\"level\":\"INFO\",\"route\":\"First\",\"status\":200}\n"}]}`,
		"/aws/lambda/B-Second ":     `{"events":[],"nextToken":"more"}`,
		"/aws/lambda/B-Second more": `{"events":[{"message":"{\"level\":\"ERROR\",\"route\":\"Second\",\"status\":500}"}]}`,
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct{ LogGroupName, NextToken string }
		err := json.NewDecoder(r.Body).Decode(&in)
		operation := strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "Logs_20140328.")
		if operation == "FilterLogEvents" {
			operation = in.LogGroupName
		}
		answer, known := pages[operation+" "+in.NextToken]
		if err != nil || !known {
			http.Error(w, fmt.Sprintf("%s is not known: %v", operation, err), http.StatusBadRequest)
		}
		fmt.Fprint(w, answer)
	}))
	t.Cleanup(s.Close)
	return s
}

// TestFaultsAreFoundInTheLogsOfFunctions reads all pages of all functions, and the relay's.
func TestFaultsAreFoundInTheLogsOfFunctions(t *testing.T) {
	t.Parallel()
	relay := filepath.Join(t.TempDir(), "relay.log")
	if err := os.WriteFile(relay, []byte("{\"level\":\"INFO\",\"route\":\"Third\",\"status\":200}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	far := &Target{Log: &Log{}, cloud: &deployed{Emulator: logs(t).URL, Stack: "B", RelayLog: relay}}
	if err := far.readLogs(); err != nil {
		t.Fatal(err)
	}
	if faults := far.Log.Faults(); len(faults) != 1 || !strings.Contains(faults[0], "Second") {
		t.Errorf("faults: %q", faults)
	}
	if !far.Log.Succeeded("First") || far.Log.Succeeded("Second") || !far.Log.Succeeded("Third") || far.Log.Rows() != 3 {
		t.Errorf("%d rows were called", far.Log.Rows())
	}
	far.cloud.Emulator += "/%zz"
	if err := far.readLogs(); err == nil {
		t.Error("an emulator that is not there is no error")
	}
}
