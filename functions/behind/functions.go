// Package behind is what goes on behind requests on AWS, where no process stays to do it: the work
// that writes leave on the janitor's list (shared/catalog/due.go).
//
//	the list  → ForwardWork → the queue → DoWork, which has the janitor do it
//	    ↑_________________________________/  what fails is put back on the list, for later
//
// The list is the truth, and the queue only says when to look: a message is a place on the list, and
// comes to nothing when the work there was done. So nothing is lost with a message, nor doubled by
// one that comes twice. SweepWork sends what has been due for long, because its time was too far
// away for the queue or its message was given up, and the queue has its turn once more.
//
// In one process the janitor reads the list itself (embedded/serve.go).
package behind

import (
	"time"

	"github.com/boxvault/boxvault/shared/grant"
)

// Function is one that no request starts.
type Function struct {
	// Name is unique among all functions, letters and digits only.
	Name    string
	Summary string
	On      Trigger
	Needs   grant.Right
	// Memory in MB.
	Memory  int
	Timeout time.Duration
}

// Trigger is what starts a function.
type Trigger string

// The triggers.
const (
	NewWork  Trigger = "new work"  // the table's stream has work that is new on the list
	Messages Trigger = "messages"  // messages of the queue have come
	Schedule Trigger = "scheduled" // every SweepEvery
)

// The names of the functions.
const (
	ForwardWork = "ForwardWork"
	DoWork      = "DoWork"
	SweepWork   = "SweepWork"
)

// Functions are all of them.
var Functions = []Function{
	{
		Name: ForwardWork, Summary: "Send work that is new on the janitor's list to the queue.", On: NewWork,
		Needs: grant.ReadStream | grant.SendMessages, Memory: 128, Timeout: 30 * time.Second,
	},
	{
		// It reads whole files, and is the one that sends mails.
		Name: DoWork, Summary: "Do a piece of work of the janitor's list: verify, clear away, tell on.", On: Messages,
		Needs:  doing | grant.TakeMessages | grant.SendMessages,
		Memory: 512, Timeout: maxTimeout,
	},
	{
		Name: SweepWork, Summary: "Send work of the janitor's list that has been due for long to the queue.", On: Schedule,
		Needs: sweeping | grant.SendMessages, Memory: 128, Timeout: maxTimeout,
	},
}

// What the functions do to the stores.
const (
	doing = grant.ReadItems | grant.WriteItems | grant.ReadBlobs | grant.WriteBlobs | grant.DeleteBlobs |
		grant.Sign | grant.SendMail
	sweeping = grant.ReadItems
)

// maxTimeout is the longest that Lambda lets a function run.
const maxTimeout = 15 * time.Minute

// Patience is how long DoWork waits for a verification: some less than it may run.
const Patience = maxTimeout - time.Minute

// How the work goes through the queue.
const (
	// Horizon is how far away the time of work may be that goes through the queue. A message is held
	// back for 15 minutes at the most, so this is 48 hops at most, each 0.0000015 USD; all that the
	// janitor puts back is nearer.
	Horizon = 12 * time.Hour
	// Hidden is how long a message that was taken is not given to another, and so when the work is
	// tried again after a crash. It must be longer than DoWork runs.
	Hidden = maxTimeout + time.Minute
	// Receives is how often a message is given out before it goes to the dead letters.
	Receives = 3
	// SweepEvery is how often SweepWork runs. It does not matter to the bill: 120 runs a month are a
	// hundredth of a cent.
	SweepEvery = 6 * time.Hour
	// Grace is how long work has to be due for SweepWork to take it: longer than a message lives.
	Grace = (Receives + 1) * Hidden
	// Retried is how long ForwardWork is asked again when the queue does not answer. The rest is for
	// SweepWork: it must not hold up what comes after.
	Retried = time.Hour
)
