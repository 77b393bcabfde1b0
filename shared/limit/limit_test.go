package limit

import (
	"fmt"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/registry"
)

var (
	noon     = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	home     = netip.MustParseAddr("192.0.2.1")
	stranger registry.Caller
)

func TestAQuotaIsThereAtOnceAndComesBackEvenly(t *testing.T) {
	l := Limiter{Quotas: Quotas{Address: 60}}
	for i := range 60 {
		if s := l.Request(stranger, home, false, noon); !s.OK || s.Limit != 60 || s.Remaining != 59-i || s.Reset != time.Duration(i+1)*time.Second {
			t.Fatalf("request %d: %+v", i, s)
		}
	}
	for range 3 { // asking in vain makes it no worse
		if s := l.Request(stranger, home, false, noon); s.OK || s.Remaining != 0 || s.Wait != time.Second || s.Reset != time.Minute {
			t.Fatalf("one too many: %+v", s)
		}
	}
	later := noon.Add(2500 * time.Millisecond)
	for i, want := range []bool{true, true, false} {
		if s := l.Request(stranger, home, false, later); s.OK != want {
			t.Errorf("request %d after two and a half seconds: %+v", i, s)
		}
	}
	if s := l.Request(stranger, home, false, noon.Add(time.Hour)); !s.OK || s.Remaining != 59 {
		t.Errorf("after an hour: %+v", s)
	}
}

// A quota that a minute does not divide by is still that many.
func TestEveryQuotaIsExact(t *testing.T) {
	for _, quota := range []int{1, 7, 59, 1201, 99_991} {
		l := Limiter{Quotas: Quotas{Address: quota}}
		n := 0
		for l.Request(stranger, home, false, noon).OK {
			n++
		}
		if n != quota {
			t.Errorf("%d of %d were let through", n, quota)
		}
	}
}

func TestAClockThatIsSetBackLocksNobodyOut(t *testing.T) {
	l := Limiter{Quotas: Quotas{Address: 2}}
	l.Request(stranger, home, false, noon)
	back := noon.Add(-24 * time.Hour)
	if s := l.Request(stranger, home, false, back); s.Wait > window/2 {
		t.Errorf("after the clock was set back: %+v", s)
	}
	if s := l.Request(stranger, home, false, back.Add(window/2)); !s.OK {
		t.Errorf("half a minute later: %+v", s)
	}
}

func TestWhoIsCountedWithWhom(t *testing.T) {
	ada, robot := registry.Caller{Account: 1}, registry.Caller{Account: 1, ServiceAccount: 1}
	bob := registry.Caller{Account: 2}
	type who struct {
		caller  registry.Caller
		address string
	}
	for _, c := range []struct {
		about string
		a, b  who
		one   bool
	}{
		{"two addresses", who{stranger, "192.0.2.1"}, who{stranger, "192.0.2.2"}, false},
		{"an address and itself in IPv6", who{stranger, "192.0.2.1"}, who{stranger, "::ffff:192.0.2.1"}, true},
		{"two addresses of a site", who{stranger, "2001:db8::1"}, who{stranger, "2001:db8::ffff:2"}, true},
		{"two sites", who{stranger, "2001:db8::1"}, who{stranger, "2001:db8:0:1::1"}, false},
		{"a person here and there", who{ada, "192.0.2.1"}, who{ada, "192.0.2.2"}, true},
		{"two people at one address", who{ada, "192.0.2.1"}, who{bob, "192.0.2.1"}, false},
		{"a person and a stranger at one address", who{ada, "192.0.2.1"}, who{stranger, "192.0.2.1"}, false},
		{"a person and their program", who{ada, "192.0.2.1"}, who{robot, "192.0.2.1"}, false},
	} {
		l := Limiter{Quotas: Quotas{Address: 1, Account: 1}}
		l.Request(c.a.caller, netip.MustParseAddr(c.a.address), false, noon)
		if s := l.Request(c.b.caller, netip.MustParseAddr(c.b.address), false, noon); s.OK == c.one {
			t.Errorf("%s: %+v", c.about, s)
		}
	}
}

func TestWhatIsSensitiveHasAQuotaOfItsOwn(t *testing.T) {
	l := Limiter{Quotas: Quotas{Address: 10, Account: 10, Sensitive: 2}}
	for i, want := range []bool{true, true, false} {
		if s := l.Request(stranger, home, true, noon); s.OK != want || s.Limit != 2 {
			t.Errorf("sign-in %d: %+v", i, s)
		}
	}
	if s := l.Request(stranger, home, false, noon); !s.OK || s.Limit != 10 || s.Remaining != 6 {
		t.Errorf("what is not sensitive: %+v", s)
	}
	if s := l.Request(registry.Caller{Account: 1}, home, true, noon); s.OK {
		t.Errorf("a caller with a token tries passwords: %+v", s)
	}
}

func TestNoQuotaIsNoLimit(t *testing.T) {
	l := Limiter{Quotas: Quotas{Off, Off, Off}}
	for range 5000 {
		if s := l.Request(stranger, home, true, noon); !s.OK || s.Limit != 0 {
			t.Fatalf("%+v", s)
		}
	}
}

func TestOfManyAtOnceJustTheQuotaIsLetThrough(t *testing.T) {
	l := Limiter{Quotas: Quotas{Address: 500}}
	var through atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				if l.Request(stranger, home, false, noon).OK {
					through.Add(1)
				}
			}
		})
	}
	wg.Wait()
	if through.Load() != 500 {
		t.Errorf("%d were let through", through.Load())
	}
}

// site is a different IPv6 network for each number.
func site(n int) netip.Addr {
	return netip.AddrFrom16([16]byte{0x20, 0x01, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)})
}

func TestACrowdTakesBoundedRoomAndOneThatIsBusyIsRemembered(t *testing.T) {
	l := Limiter{Quotas: Quotas{Address: 50}}
	through := 0
	for n := range 1_500_000 {
		l.Request(stranger, site(n), false, noon)
		if n%10_000 == 0 && l.Request(stranger, home, false, noon).OK {
			through++
		}
	}
	if through != 50 {
		t.Errorf("%d of 150 were let through, want 50", through)
	}
	if kept := l.counts.size(); kept > shards*2*generation {
		t.Errorf("%d keys are kept", kept)
	}
	later := noon.Add(2 * window)
	for round := range 2 {
		for n := range 1000 {
			l.Request(stranger, site(n), false, later.Add(time.Duration(round)*window))
		}
	}
	if kept := l.counts.size(); kept > 2000 {
		t.Errorf("%d keys are kept after the crowd has gone", kept)
	}
}

func (m *memory) size() (n int) {
	for i := range m.shards {
		n += len(m.shards[i].young) + len(m.shards[i].old)
	}
	return n
}

func TestQuotasAsAnOperatorWritesThem(t *testing.T) {
	for text, want := range map[string]Quotas{
		"": {}, "off": {Off, Off, Off}, "address=5": {Address: 5}, "sensitive=off, account=7,": {Account: 7, Sensitive: Off},
		"address=100000000": {Address: 100_000_000},
	} {
		if got, err := ParseQuotas(text); err != nil || got != want {
			t.Errorf("%q is %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"5", "address", "address=", "address=0", "address=-1", "address=100000001", "adress=5", "account=5/min", "on"} {
		if _, err := ParseQuotas(text); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}

// BenchmarkRequest is what counting costs each request.
func BenchmarkRequest(b *testing.B) {
	for _, keys := range []int{1, 1000, 10_000_000} {
		b.Run(fmt.Sprint(keys, " addresses"), func(b *testing.B) {
			var l Limiter
			var next atomic.Int64
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				n := int(next.Add(1)) * 7919
				for pb.Next() {
					n++
					l.Request(stranger, site(n%keys), false, noon)
				}
			})
		})
	}
}
