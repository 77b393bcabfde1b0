package functions_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/boxvault/boxvault/embedded/embeddedtest"
	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/route"
)

// Every request that makes something can be sent again, and is answered by the same bytes.
func TestWhatIsSentAgainWithItsKeyIsAnsweredAsBefore(t *testing.T) {
	r, store := startCounted(t)
	find, keys := newFinder(), 0
	walk(t, r, func(method, path, token string, body []byte, header ...string) embeddedtest.Answer {
		t.Helper()
		row := find.row(t, method, path)
		if row.Status != 201 || row.Access == route.Anyone {
			return succeed(t, r, method, path, token, body, header...)
		}
		keys++
		header = append(header, "Idempotency-Key", fmt.Sprint("key-", keys))
		store.take()
		first, cost := r.Ask(t, method, path, token, body, header...).Want(t, 201), store.take()
		again, repeat := r.Ask(t, method, path, token, body, header...).Want(t, 201), store.take()
		if string(first.Body) != string(again.Body) {
			t.Errorf("%s is answered %s, then %s", row.Name, first.Body, again.Body)
		}
		if first.Header.Get("Idempotency-Replayed") != "" || again.Header.Get("Idempotency-Replayed") != "true" {
			t.Errorf("%s: %v, then %v", row.Name, first.Header, again.Header)
		}
		want := budget[row.Name]
		want.writes += 2
		if cost != want || repeat != (calls{gets: 2, writes: 1}) {
			t.Errorf("%s makes the calls %v, want %v; again %v", row.Name, cost, want, repeat)
		}
		return first
	})
}

func TestAKeyIsForOneRequestOfOneCaller(t *testing.T) {
	r, ada := coretest.Acme(t)
	ci := r.ServiceAccount(t, ada, nil).Token
	make := func(token, path, body, key string) embeddedtest.Answer {
		t.Helper()
		return r.Ask(t, "POST", path, token, []byte(body), "Idempotency-Key", key)
	}
	make(ada, boxes, `{"name":"one"}`, "k").Want(t, 201)
	make(ada, boxes, `{"name":"two"}`, "k").WantError(t, 422, "IDEMPOTENCY_KEY_REUSED")
	make(ada, boxes+"/one/version", `{"name":"one"}`, "k").WantError(t, 422, "IDEMPOTENCY_KEY_REUSED")
	make(ci, boxes, `{"name":"two"}`, "k").Want(t, 201)
	make(ada, boxes, `{"name":"one"}`, "another").WantError(t, 409, "CONFLICT")
	for _, key := range []string{"a b", "ä", strings.Repeat("k", 256)} {
		make(ada, boxes, `{"name":"three"}`, key).WantError(t, 400, "VALIDATION_ERROR")
	}
	make(ada, boxes, `{"name":"three"}`, strings.Repeat("k", 255)).Want(t, 201)
	make(ada, boxes, strings.Repeat(" ", route.MaxJSON+1), "large").WantError(t, 413, "FILE_TOO_LARGE")
	r.Clock.Advance(24*time.Hour + time.Second)
	make(ada, boxes, `{"name":"four"}`, "k").Want(t, 201)
}

// What failed may be tried again with the same key, corrected or as it was.
func TestAFailureKeepsNoKey(t *testing.T) {
	r, ada := coretest.Acme(t)
	make := func(body string) embeddedtest.Answer {
		return r.Ask(t, "POST", boxes, ada, []byte(body), "Idempotency-Key", "k")
	}
	make(`{"name":"-"}`).WantError(t, 400, "VALIDATION_ERROR")
	make(`{"name":`).WantError(t, 400, "VALIDATION_ERROR")
	make(`{"name":"debian"}`).Want(t, 201)
}

// All at once, one is done; the others are answered like it, or told to come back.
func TestOfManyAtOnceWithOneKeyOneIsDone(t *testing.T) {
	r, ada := coretest.Acme(t)
	var mu sync.Mutex
	var bodies []string
	var wg sync.WaitGroup
	for range 12 {
		wg.Go(func() {
			a := r.Ask(t, "POST", "/api/service-accounts", ada, []byte(`{"description":"ci"}`), "Idempotency-Key", "k")
			mu.Lock()
			defer mu.Unlock()
			switch {
			case a.Status == 201:
				bodies = append(bodies, string(a.Body))
			case a.Status != 409 || a.Header.Get("Retry-After") != "1":
				t.Errorf("%d %v %s", a.Status, a.Header, a.Body)
			}
		})
	}
	wg.Wait()
	if len(slices.Compact(bodies)) != 1 {
		t.Errorf("answers are %v", bodies)
	}
	if list := embeddedtest.JSON[[]api.ServiceAccount](t, r.Ask(t, "GET", "/api/service-accounts", ada, nil)); len(list) != 1 {
		t.Errorf("there are %d service accounts", len(list))
	}
}
