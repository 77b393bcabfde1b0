package e2e

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"github.com/boxvault/boxvault/shared/route"
)

// Log is what registries have logged: which rows were called, and what went wrong in them.
type Log struct {
	mu     sync.Mutex
	called map[string]bool // true: with success, at least once
	faults []string
}

// upstreamFailed is the status of what a mirror's upstream did wrong.
const upstreamFailed = 502

// read takes a line of a registry's log.
func (l *Log) read(line string) {
	var entry struct {
		Level  string `json:"level"`
		Route  string `json:"route"`
		Status int    `json:"status"`
	}
	err := json.Unmarshal([]byte(line), &entry)
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil || entry.Level == "ERROR" || entry.Status >= 500 && entry.Status != upstreamFailed {
		l.faults = append(l.faults, line)
	}
	if l.called == nil {
		l.called = map[string]bool{}
	}
	if entry.Route == "" { // not of a request
		return
	}
	l.called[entry.Route] = l.called[entry.Route] || entry.Status < 400
}

// Faults are the lines that no registry should have to log: its own errors, and what is no log
// line, as the trace of a panic.
func (l *Log) Faults() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.faults)
}

// Succeeded reports whether a row was called and did what it is there for.
func (l *Log) Succeeded(row string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.called[row]
}

// Rows is how many rows were called.
func (l *Log) Rows() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.called)
}

// Uncalled are the rows that were never called, but for those that `why` gives a reason for. It
// is an error to give a reason for a row that was called, or that there is not.
func (l *Log) Uncalled(rows []route.Row, why map[string]string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	reasons := make(map[string]string, len(why))
	for name, reason := range why {
		reasons[name] = reason
	}
	var wrong []string
	for _, row := range rows {
		_, excused := reasons[row.Name]
		switch _, called := l.called[row.Name]; {
		case !called && !excused:
			wrong = append(wrong, row.Name+" was never called")
		case called && excused:
			wrong = append(wrong, row.Name+" was called and needs no reason any more")
		}
		delete(reasons, row.Name)
	}
	for name := range reasons {
		wrong = append(wrong, name+" is no row")
	}
	if len(wrong) > 0 {
		return fmt.Errorf("rows of the route table: %q", wrong)
	}
	return nil
}
