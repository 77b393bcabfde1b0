// Package limit counts requests, so that nobody takes more of the registry than a share.
//
// A quota is held by the generic cell rate algorithm: for each key one number is kept, the time at
// which its quota will be whole again. A whole quota may be used at once, and then comes back
// evenly over a minute: who used it up waits for the next request to come free, and not for the end
// of a window in which everybody else waits as well.
package limit

import (
	"encoding/binary"
	"net/netip"
	"time"

	"github.com/boxvault/boxvault/shared/registry"
)

// window is the time in which a quota comes back whole.
const window = time.Minute

// State is what a request found.
type State struct {
	// OK tells that the request may go on.
	OK bool
	// Limit is the quota in requests a minute; 0 when there is none.
	Limit int
	// Remaining is how many requests may follow at once.
	Remaining int
	// Reset is how long it takes until the quota is whole again, if nothing follows.
	Reset time.Duration
	// Wait is how long it takes until the next request may come; 0 when it may at once.
	Wait time.Duration
}

// Limiter holds callers to the quotas. The zero value does so with the Defaults, in memory: what it
// counted ends with the process, and other processes count for themselves.
type Limiter struct {
	Quotas Quotas
	counts memory
}

// Request counts a request at a time, by who makes it and from where. Strangers count by address,
// callers by account. What is sensitive counts for its address as well, whoever asks.
func (l *Limiter) Request(caller registry.Caller, from netip.Addr, sensitive bool, now time.Time) State {
	q := l.Quotas.Effective()
	k, quota := addressKey(from), q.Address
	if caller.Known() {
		k, quota = accountKey(caller), q.Account
	}
	s := l.take(k, quota, now)
	if !s.OK || !sensitive {
		return s
	}
	k = addressKey(from)
	k.kind = sensitiveKind
	if strict := l.take(k, q.Sensitive, now); strict.Limit > 0 {
		return strict
	}
	return s
}

func (l *Limiter) take(k key, quota int, now time.Time) (s State) {
	if quota == Off {
		return State{OK: true}
	}
	l.counts.update(k, now, func(whole int64) int64 {
		s, whole = take(whole, int64(quota), now.UnixNano())
		return whole
	})
	return s
}

// take counts one request of a key whose quota is whole at a time, in nanoseconds, and returns when
// it will be now.
func take(whole, quota, now int64) (State, int64) {
	each := int64(window) / quota
	burst := each * quota
	// A clock that was set back must not lock anybody out for as long.
	used := min(max(whole-now, 0), burst)
	s := State{Limit: int(quota), OK: used <= burst-each}
	if s.OK {
		used += each
	} else {
		s.Wait = time.Duration(used - (burst - each))
	}
	s.Remaining, s.Reset = int((burst-used)/each), time.Duration(used)
	return s, now + used
}

// key is what requests are counted by.
type key struct {
	kind   kind
	hi, lo uint64
}

type kind uint8

const (
	addressKind kind = iota
	sensitiveKind
	accountKind
	serviceKind
)

func accountKey(c registry.Caller) key {
	if c.ServiceAccount != 0 {
		return key{kind: serviceKind, lo: uint64(c.ServiceAccount)}
	}
	return key{kind: accountKind, lo: uint64(c.Account)}
}

// addressKey takes a /64 of IPv6 for one address: that is the least a site is given (RFC 6177), and
// one machine can have any number of addresses in it.
func addressKey(a netip.Addr) key {
	raw := a.Unmap().As16()
	k := key{kind: addressKind, hi: binary.BigEndian.Uint64(raw[:8])}
	if a.Unmap().Is4() {
		k.lo = binary.BigEndian.Uint64(raw[8:])
	}
	return k
}
