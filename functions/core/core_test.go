package core_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/functions/core/coretest"
)

// A function on AWS answers one row, with all its patterns, and no other.
func TestAHandlerOfOneRow(t *testing.T) {
	r := coretest.Start(t)
	h := r.Core.Handler(functions.Groups(), "Health")
	for path, want := range map[string]int{
		"/health": 200, "/api/health": 200, "//health": 200, "/": 404, "/api/user": 404, "/acme/debian": 404, "/a/../health": 404,
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://x"+path, nil))
		if w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
	}
}
