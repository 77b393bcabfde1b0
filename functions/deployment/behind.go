package deployment

import (
	"fmt"
	"time"

	"github.com/boxvault/boxvault/functions/behind"
	"github.com/boxvault/boxvault/shared/catalog"
)

// BehindGroup is the folder of the functions that no request starts.
const BehindGroup = "behind"

// Behind returns the functions that no request starts. Each is one function however the rows are
// spread.
func Behind() (list []Function) {
	for _, f := range behind.Functions {
		list = append(list, Function{
			Name: f.Name, Description: f.Summary, Group: BehindGroup, Route: f.Name, On: f.On,
			Needs: f.Needs, Memory: f.Memory, Timeout: int(f.Timeout / time.Second),
		})
	}
	return list
}

// How work is handed on; times are in seconds.
const (
	// NewWork is the filter of the table's stream: a change that makes an item of the janitor's
	// list. What it leaves out starts no function and costs nothing
	// (https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html).
	NewWork = `{"eventName":["INSERT"],"dynamodb":{"Keys":{"pk":{"S":["` + catalog.DuePartition + `"]}}}}`
	// Records is how many changes a function is given at the most.
	Records = 100
	// RecordAge is how long a change is tried to be handed on.
	RecordAge = int(behind.Retried / time.Second)
	// BatchMessages is how many messages a function is given: one, so that no work has to wait for
	// another, or dies with it.
	BatchMessages = 1
	// Workers is how many pieces of work are done at a time.
	Workers = 20
	// Hidden is the queue's visibility timeout, Receives is how often a message is given out.
	Hidden   = int(behind.Hidden / time.Second)
	Receives = behind.Receives
	// Retention is how long a queue keeps a message, DeadRetention how long the dead letters do: 4 and
	// 14 days.
	Retention     = 4 * 24 * 3600
	DeadRetention = 14 * 24 * 3600
)

// SweepRate is how often the sweep runs, as EventBridge says it.
var SweepRate = fmt.Sprintf("rate(%d hours)", behind.SweepEvery/time.Hour)
