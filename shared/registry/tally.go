package registry

import "time"

// Tally counts what is done again and again in somebody's name, from its first time on: passwords
// that were wrong, letters that were asked for. It ends by itself, FailuresLife or LettersLife after
// that.
type Tally struct {
	Count int
	Since time.Time
}

// FailuresLife is how long wrong passwords are counted, and so the longest that anybody who does not
// know a password can keep its owner from signing in.
const FailuresLife = 15 * time.Minute

// pauses are when, after the first of a row of wrong passwords, the next try is let through, by how
// many there were. Who has mistyped does not notice; who guesses has ten tries in a quarter of an hour.
var pauses = [...]time.Duration{
	0, 0, 0, 0, 0, 30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, FailuresLife,
}

// Wait is how long it is until the next password may be tried; 0 for at once.
func (t Tally) Wait(now time.Time) time.Duration {
	next := t.Since.Add(pauses[min(t.Count, len(pauses)-1)])
	return max(0, next.Sub(now))
}

// The most letters that go to an address because somebody asked for them who is not signed in as its
// owner, in the time.
const (
	MaxLetters  = 5
	LettersLife = time.Hour
)

// Enough reports whether no more letters are to be sent.
func (t Tally) Enough() bool { return t.Count >= MaxLetters }
