package route

import (
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/boxvault/boxvault/shared/limit"
	"github.com/boxvault/boxvault/shared/registry"
)

// limited counts a request and tells the client how many may follow. RateLimited when it was one too
// many. The bytes of an upload are as many requests as the box is large, so they do not count.
func (s Shell) limited(w http.ResponseWriter, row Row, caller registry.Caller, from netip.Addr, now time.Time) error {
	if s.Limits == nil || caller.Known() && row.Handler.Streams() {
		return nil
	}
	state := s.Limits.Request(caller, from, row.Sensitive, now)
	if state.Limit == 0 {
		return nil
	}
	tellLimit(w.Header(), state)
	if !state.OK {
		return registry.Errorf(registry.RateLimited, "too many requests: %d a minute are let through here", state.Limit).After(state.Wait)
	}
	return nil
}

// tellLimit writes the headers of draft-ietf-httpapi-ratelimit-headers-06, which is what the
// existing server sends and clients read. Later drafts have other ones, and none became an RFC. The
// keys are as net/http writes them.
func tellLimit(h http.Header, s limit.State) {
	reset := int(math.Ceil(s.Reset.Seconds()))
	values := [...]string{strconv.Itoa(s.Limit), strconv.Itoa(s.Remaining), strconv.Itoa(reset)}
	h["Ratelimit-Limit"] = values[0:1:1] // one allocation for the three of them
	h["Ratelimit-Remaining"] = values[1:2:2]
	h["Ratelimit-Reset"] = values[2:3:3]
}
