package storetest

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// outcome is what becomes of a test that is declared to fail.
type outcome struct {
	testing.TB
	told string
}

func (o *outcome) Skipf(format string, args ...any) {
	o.told = "skipped: " + fmt.Sprintf(format, args...)
	runtime.Goexit()
}

func (o *outcome) Fatalf(format string, args ...any) {
	o.told = "failed: " + fmt.Sprintf(format, args...)
	runtime.Goexit()
}

func TestWhatIsDeclaredToFailHasToFail(t *testing.T) {
	for want, test := range map[string]func(testing.TB){
		"failed: passed, so this is true no more: it is old": func(testing.TB) {},
		"skipped: known: it is old (no)":                     func(t testing.TB) { t.Error("no"); t.Error("nor this") },
		"skipped: known: it is old (not 5)":                  func(t testing.TB) { t.Fatalf("not %d", 5) },
		"skipped: known: it is old ()":                       func(t testing.TB) { t.FailNow() },
	} {
		o, ended := &outcome{TB: t}, make(chan struct{})
		go func() {
			defer close(ended)
			Lacking(o, "it is old", test)
		}()
		<-ended
		if !strings.HasPrefix(o.told, want) || t.Failed() {
			t.Errorf("it %s, want %s", o.told, want)
		}
	}
}
