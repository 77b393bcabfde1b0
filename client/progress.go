package client

// Progress hears how a transfer goes. Moved is called from several goroutines at once, also while
// another method runs.
type Progress interface {
	// Enter tells that the transfer has come to a stage, with size bytes to work through, of which
	// there are `done` already. Nothing is Moved before.
	Enter(stage Stage, size, done int64)
	// Moved tells that n bytes more of the stage are done; n is negative when bytes that broke off
	// on their way have to be sent again.
	Moved(n int64)
}

// Stage is what a transfer is doing.
type Stage string

// The stages, in their order. Not every transfer goes through all of them.
const (
	// Comparing: the local file is read, to compare it with what the registry has.
	Comparing Stage = "comparing"
	// Sending: parts go up.
	Sending Stage = "sending"
	// Verifying: the registry, or Pull, reads the whole file. Moved is not called.
	Verifying Stage = "verifying"
	// Fetching: the file comes down.
	Fetching Stage = "fetching"
)

// silent is the Progress of who did not ask for any.
type silent struct{}

func (silent) Enter(Stage, int64, int64) {}
func (silent) Moved(int64)               {}

func orSilent(p Progress) Progress {
	if p == nil {
		return silent{}
	}
	return p
}
