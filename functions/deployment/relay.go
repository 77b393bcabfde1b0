package deployment

import (
	"slices"
	"strings"
	"time"

	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/shared/grant"
	"github.com/boxvault/boxvault/shared/route"
)

// Relay is the one service beside the functions, where there is one: it takes bodies of any size at the paths that
// are led to it.
type Relay struct {
	// Paths are what CloudFront leads to it, as CloudFront writes them: "*" is any text, slashes as well.
	Paths []string
	// Rows are the names of all rows that a request for such a path may be for.
	Rows []string
	// Groups are those that have the rows.
	Groups []functions.Group
	// Needs is what any of the rows needs.
	Needs grant.Right
}

// How the relay is run. What an upload may have in memory is counted against RelayRoom (functions/relay); the rest of
// RelayHeap is the program's own, and that of RelayMemory the system's (docs/performance.md).
const (
	RelayGroup  = "relay" // the folder with its binary, and the binary
	RelayPort   = 8080
	RelayHealth = "/health" // what its load balancer asks for
	RelayCPU    = 256       // in 1,024ths of a processor
	RelayMemory = 512       // in MB
	RelayHeap   = 400       // in MiB, of it: what Go's collector tries to stay below
	RelayRoom   = 320       // in MiB, of that: for all uploads that a task takes in at a time
	RelayTasks  = 4         // at the most; there is always one
	// RelayBusy is how much of its processor, in 100, a task is to use before there is one more: little, as room for
	// uploads ends before the processor does. Where lines are slow it ends without much work, and nothing grows.
	RelayBusy = 30
	// RelayIdle is how long a connection may be silent between client and relay: longer than the relay itself
	// waits for a body, so that its answer is what is heard.
	RelayIdle = 3 * time.Minute
	// RelayDrain is how long uploads under way may take when a task is replaced. Each update takes that long, whether
	// there are any or not. RelayStop is how long they have when it is ended all the same, which is the most there is.
	RelayDrain = 15 * time.Minute
	RelayStop  = 2 * time.Minute
)

// RelayOf returns what the relay is for the groups. CloudFront chooses by the path alone, so the relay answers every
// row that one of its paths can mean: what is asked for there is answered as the functions would.
func RelayOf(groups []functions.Group) (r Relay) {
	for _, g := range groups {
		for _, row := range g.Rows {
			if row.Relayed {
				r.Paths = append(r.Paths, relayPaths(row)...)
			}
		}
	}
	slices.Sort(r.Paths)
	r.Paths = slices.Compact(r.Paths)
	for _, g := range groups {
		before := len(r.Rows)
		for _, row := range g.Rows {
			if r.mayMean(row) {
				r.Rows, r.Needs = append(r.Rows, row.Name), r.Needs|row.Needs
			}
		}
		if len(r.Rows) > before {
			r.Groups = append(r.Groups, g)
		}
	}
	return r
}

// relayPaths are the paths of a row as CloudFront writes them.
func relayPaths(row route.Row) (list []string) {
	for _, pattern := range row.Addresses() {
		_, path := route.Split(pattern)
		list = append(list, replaceParameters(path, "*", "*"))
	}
	return list
}

// replaceParameters puts one in the place of each parameter of a path, and more where it may have slashes.
func replaceParameters(path, one, more string) (text string) {
	for {
		before, rest, found := strings.Cut(path, "{")
		text += before
		if !found {
			return text
		}
		name, after, _ := strings.Cut(rest, "}")
		if strings.HasSuffix(name, "...") {
			one = more
		}
		text, path = text+one, after
	}
}

// mayMean reports whether there is a path that is led to the relay and is the row's. The row "/" has whatever is
// left, which needs no path of its own.
func (r Relay) mayMean(row route.Row) bool {
	for _, pattern := range row.Addresses() {
		_, path := route.Split(pattern)
		for _, led := range r.Paths {
			if path == "/" || meet(led, replaceParameters(path, "?", "*")) {
				return true
			}
		}
	}
	return false
}

// meet reports whether some text is both. In each "*" is any text, and "?" one that is not empty and has no slash.
func meet(a, b string) bool {
	switch {
	case a == "" || b == "":
		return strings.Trim(a+b, "*") == ""
	case a[0] == '*':
		return meet(a[1:], b) || meet(a, b[1:])
	case a[0] == '?' && b[0] == '?':
		return meet(a[1:], b[1:]) || meet(a[1:], b) || meet(a, b[1:])
	case b[0] == '*' || a[0] == '?':
		return meet(b, a)
	case b[0] == '?':
		return a[0] != '/' && (meet(a[1:], b[1:]) || meet(a[1:], b))
	default:
		return a[0] == b[0] && meet(a[1:], b[1:])
	}
}
