package lambdatest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestUnknownRequest: an answer to nothing must not pass for one to something.
func TestUnknownRequest(t *testing.T) {
	for _, kind := range []string{"response", "error"} {
		w := httptest.NewRecorder()
		path := "/2018-06-01/runtime/invocation/8476a536-e9f4-11e8-9739-2dfe598c3fcd/" + kind
		newRuntimeAPI("lambdatest").handler().ServeHTTP(w, httptest.NewRequest("POST", path, strings.NewReader("{}")))
		if w.Code != http.StatusBadRequest {
			t.Errorf("%s answered %d", kind, w.Code)
		}
	}
}
