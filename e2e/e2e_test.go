package e2e

import (
	"flag"
	"fmt"
	"os"
	"testing"

	"github.com/boxvault/boxvault/functions"
)

var (
	targetFlag = flag.String("target", "", "URL of a running registry that lets strangers sign up, or localstack; left out: one is started")
	binaryFlag = flag.String("binary", "", "absolute path of the boxvault command; left out: it is built")
)

// target is what all journeys share.
var target *Target

// never says of each row that no journey calls why that is so.
var never = map[string]string{}

func TestMain(m *testing.M) {
	flag.Parse()
	var err error
	if target, err = OpenTarget(*targetFlag, *binaryFlag); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	target.tellGaps(os.Stdout)
	target.claim()
	code := m.Run()
	if !inspect(target.Close()) {
		code = 1
	}
	os.Exit(code)
}

// inspect looks at the registries once all journeys are over: they ended well, logged no fault,
// and every row was called. That it can tell only when all journeys ran; on an emulator whose functions
// run elsewhere, not all do.
func inspect(stopped error) (ok bool) {
	ok = true
	complain := func(format string, args ...any) {
		fmt.Printf("FAIL: "+format+"\n", args...)
		ok = false
	}
	if stopped != nil {
		complain("the registry did not stop well: %v", stopped)
	}
	if err := target.readLogs(); err != nil {
		complain("the functions' logs: %v", err)
	}
	if target.cloud != nil {
		fmt.Printf("%d of %d rows were called\n", target.Log.Rows(), len(functions.Routes()))
	}
	for _, line := range target.Log.Faults() {
		complain("a registry logged a fault: %s", line)
	}
	if target.Remote() && !target.sendsLetters() || chosen() {
		return ok
	}
	if err := target.Log.Uncalled(functions.Routes(), never); err != nil {
		complain("%v", err)
	}
	return ok
}

// chosen reports whether only some tests were asked for.
func chosen() bool {
	for _, name := range []string{"test.run", "test.skip", "test.list"} {
		if flag.Lookup(name).Value.String() != "" {
			return true
		}
	}
	return false
}
