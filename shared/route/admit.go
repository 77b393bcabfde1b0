package route

import (
	"net/http"

	"github.com/boxvault/boxvault/shared/registry"
)

// admitted has the handler of a row that streams run by Admit's leave only.
func (s Shell) admitted(row Row, h handler) handler {
	if s.Admit == nil || !row.Handler.Streams() {
		return h
	}
	return func(r *http.Request, caller registry.Caller) (any, error) {
		release, err := s.Admit(r)
		if err != nil {
			return nil, err
		}
		defer release()
		return h(r, caller)
	}
}
