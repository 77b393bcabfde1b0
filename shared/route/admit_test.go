package route_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// What a handler streams may take room that is bounded; who finds none is told so as the row's clients read it.
func TestAStreamIsLetInWhereThereIsRoom(t *testing.T) {
	free := 1
	shell := route.Shell{Identify: identify, Admit: func(*http.Request) (func(), error) {
		if free == 0 {
			return nil, registry.Errorf(registry.Busy, "no room")
		}
		free--
		return func() { free++ }, nil
	}}
	ask := func(row route.Row, service any) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		shell.Handler(row, service).ServeHTTP(w, httptest.NewRequest("PUT", "/", strings.NewReader("{}")))
		return w
	}
	up := route.Row{Handler: route.To((*streamer).Raw), Dialect: route.Vagrant}
	for range 2 {
		var s streamer
		if w := ask(up, &s); w.Code != 200 || s.got != "2 {}" || free != 1 {
			t.Errorf("with room: %d %s, and then there is room for %d", w.Code, w.Body, free)
		}
	}
	free = 0
	var s streamer
	if w := ask(up, &s); w.Code != 503 || w.Body.String() != `{"errors":["no room"],"success":false}` || s.got != "" {
		t.Errorf("without: %d %s, the handler got %q", w.Code, w.Body, s.got)
	}
	if w := ask(route.Row{Handler: up.Handler, Access: route.Known}, &s); w.Code != 401 {
		t.Errorf("a stranger is told of the room: %d %s", w.Code, w.Body)
	}
	if w := ask(route.Row{Handler: route.To((*service).Do)}, &service{}); w.Code != 200 {
		t.Errorf("what takes no room is answered %d %s", w.Code, w.Body)
	}
}
