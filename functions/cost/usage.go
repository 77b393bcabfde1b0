package cost

import (
	"math"

	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/functions/behind"
	"github.com/boxvault/boxvault/functions/deployment"
)

// Usage is how much of each meter is used.
type Usage map[Meter]float64

// Estimates. What a request takes of the table is counted, these are not.
const (
	// A function of 128 MB takes baseMS for a request and callMS for each call to the table; one that
	// starts takes startMS before.
	baseMS, callMS, startMS = 5, 8, 100
	// A function reads a file from the bucket at this rate, to verify it, in GB a second.
	readGB = 0.075
	// Beside its own line a request is one of the API's log, and three that Lambda writes.
	otherLog = 850
	// boxvault push cuts a file into parts of this many GB.
	partGB = 0.067108864
	// A message is sent, taken and deleted: so many requests to the queue.
	messageRequests = 3
	// A version of a box with its file, and all that is there to find it, is so many GB of the table.
	versionGB = 20e-6
)

// seconds in a month of 30 days
const month = 30 * 24 * 3600

// Polls is how often Lambda asks the queue in a month in which no message comes: 5 pollers, each of
// which waits 20 seconds.
const Polls = 5 * month / 20

// requests adds n times the requests, of which a share starts a function.
func (u Usage) requests(n, cold float64, list []Request) {
	for _, r := range list {
		u[APIRequest] += n
		u[TableRead] += n * float64(r.Reads)
		u[TableWrite] += n * float64(r.Writes)
		u.invoke(n, memoryOf(r.Row), baseMS+callMS*float64(r.Calls)+cold*startMS)
		u[LogIn] += n * (LogLine + otherLog) / 1e9
	}
}

// work adds n times the work, piece by piece: it is forwarded to the queue, and done.
func (u Usage) work(n, cold float64, w Work) {
	pieces := n * float64(w.Pieces)
	u[TableRead] += n * float64(w.Reads)
	u[TableWrite] += n*float64(w.Writes) + pieces // which is held before it is done
	u[QueueRequest] += pieces * messageRequests
	for _, name := range []string{behind.ForwardWork, behind.DoWork} {
		u.invoke(pieces, memoryOf(name), baseMS+4*callMS+cold*startMS)
		u[LogIn] += pieces * otherLog / 1e9
	}
}

// store adds n uploads of files of some GB, which are read once to be verified.
func (u Usage) store(n, gb float64) {
	u[BucketPut] += n * (2 + math.Ceil(gb/partGB))
	u[BucketGet] += n
	u[GBSecond] += n * gb / readGB * memoryOf("CompleteUpload") / 1024
}

func (u Usage) invoke(n, memory, ms float64) {
	u[Invocation] += n
	u[GBSecond] += n * memory / 1024 * ms / 1000
}

// deliver adds n downloads of files of some GB, by links to CloudFront or to S3. CloudFront fetches from
// the bucket for nothing; all of them are counted as such fetches. The requests so far went through CloudFront as well.
func (u Usage) deliver(n, gb float64, edge bool) {
	u[BucketGet] += n
	if !edge {
		u[BucketOut] += n * gb
		return
	}
	u[EdgeOut] += n * gb
	u[EdgeRequest] += n + u[APIRequest]
	u[EdgeFunction] += n // which makes a path of the bucket's of the link's
}

// bill is what the usage costs for one month, less what every account has free.
func (u Usage) bill() (total float64) {
	for m, amount := range u {
		p := PriceOf(m)
		total += p.Of(max(0, amount-p.Free))
	}
	return total
}

// list is what the usage costs when all that is free is used up elsewhere.
func (u Usage) list() (total float64) {
	for m, amount := range u {
		total += PriceOf(m).Of(amount)
	}
	return total
}

// memoryOf returns the MB of the function of a row, or of one behind requests.
func memoryOf(name string) float64 {
	for _, f := range append(deployment.PerRoute(functions.Groups()), deployment.Behind()...) {
		if f.Name == name {
			return float64(f.Memory)
		}
	}
	panic("there is no function " + name)
}
