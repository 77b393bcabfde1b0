package boxes_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/boxvault/boxvault/functions/core/coretest"
	"github.com/boxvault/boxvault/shared/api"
)

// together makes n requests at once and returns how often each status came.
func together(n int, one func(i int) (status int)) map[int]int32 {
	var counts [600]atomic.Int32
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { counts[one(i)].Add(1) })
	}
	wg.Wait()
	got := map[int]int32{}
	for status := range counts {
		if c := counts[status].Load(); c > 0 {
			got[status] = c
		}
	}
	return got
}

func TestOfTwelveEqualCreatesAtOnceOneWins(t *testing.T) {
	r, ada := coretest.Acme(t)
	const box = boxes + "/debian"
	for _, c := range []struct{ path, body string }{
		{boxes, `{"name":"debian"}`}, {box + "/version", `{"version":"1.0.0"}`},
		{box + "/version/1.0.0/provider", `{"name":"qemu"}`}, {box + "/version/1.0.0/provider/qemu/architecture", `{"name":"amd64"}`},
	} {
		got := together(12, func(int) int { return r.Do(t, "POST", c.path, ada, c.body).Status })
		if got[201] != 1 || got[409] != 11 {
			t.Errorf("POST %s at once: %v", c.path, got)
		}
	}
	if v := read[[]api.Version](t, r, box+"/version", ada); len(v) != 1 || len(v[0].Providers) != 1 || len(v[0].Providers[0].Architectures) != 1 {
		t.Errorf("there is %+v", v)
	}
}

// Changes to one version that do not touch each other all come through.
func TestDifferentChangesAtOnceAllHappen(t *testing.T) {
	r, ada := coretest.Acme(t)
	box := r.Box(t, ada, "acme", "debian", false)
	create[api.Version](t, r, box+"/version", ada, `{"version":"1.0.0"}`)
	got := together(8, func(i int) int {
		return r.Do(t, "POST", box+"/version/1.0.0/provider", ada, fmt.Sprintf(`{"name":"p%d"}`, i)).Status
	})
	if list := read[[]api.Provider](t, r, box+"/version/1.0.0/provider", ada); got[201] != 8 || len(list) != 8 {
		t.Errorf("%v, and there are %d providers", got, len(list))
	}
}

// A change of the box and one of its version at once: neither is lost without a word.
func TestAChangeIsMadeOrRefused(t *testing.T) {
	r, ada := coretest.Acme(t)
	box := r.Box(t, ada, "acme", "debian", false)
	got := together(12, func(i int) int {
		return r.Do(t, "PUT", box, ada, fmt.Sprintf(`{"description":"by %d"}`, i)).Status
	})
	if got[200] < 1 || got[200]+got[409] != 12 {
		t.Errorf("%v", got)
	}
}

func TestOfRenamesToOneNameAtOnceOneWins(t *testing.T) {
	r, ada := coretest.Acme(t)
	for i := range 6 {
		r.Box(t, ada, "acme", fmt.Sprint("box", i), false)
	}
	got := together(6, func(i int) int { return r.Do(t, "PUT", fmt.Sprint(boxes, "/box", i), ada, `{"name":"best"}`).Status })
	if list := read[[]api.Box](t, r, boxes, ada); got[200] != 1 || got[409] != 5 || len(list) != 6 {
		t.Errorf("%v, and there are %d boxes", got, len(list))
	}
}
