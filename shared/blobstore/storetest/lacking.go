package storetest

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
)

// Lacking runs a test that the server is known to fail, and how, and then skips it, saying both. It is an
// error when the test passes, so that what is declared of a server stays true.
func Lacking(t testing.TB, how string, test func(testing.TB)) {
	t.Helper()
	l := &lack{TB: t}
	ended := make(chan struct{})
	go func() { // which FailNow ends
		defer close(ended)
		test(l)
	}()
	<-ended
	if l.Failed() {
		t.Skipf("known: %s (%.120s)", how, l.said)
	}
	t.Fatalf("passed, so this is true no more: %s", how)
}

// lack takes failures upon itself.
type lack struct {
	testing.TB
	mu     sync.Mutex
	failed bool
	said   string // at first
}

func (l *lack) fail(said string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.failed {
		l.failed, l.said = true, said
	}
}

func (l *lack) Failed() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.failed
}

func (l *lack) Error(args ...any)                 { l.fail(fmt.Sprint(args...)) }
func (l *lack) Errorf(format string, args ...any) { l.fail(fmt.Sprintf(format, args...)) }
func (l *lack) Fail()                             { l.fail("") }

func (l *lack) FailNow() {
	l.fail("")
	runtime.Goexit()
}

func (l *lack) Fatal(args ...any) {
	l.Error(args...)
	runtime.Goexit()
}

func (l *lack) Fatalf(format string, args ...any) {
	l.Errorf(format, args...)
	runtime.Goexit()
}
