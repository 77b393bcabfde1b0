package core_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/boxvault/boxvault/functions/core/coretest"
)

// Once its downloads are added up a box is found by them; should that fail, it is tried again.
func TestABoxWhoseDownloadsWereAddedUpIsIndexedAnew(t *testing.T) {
	r, ada := coretest.Acme(t)
	file := r.Box(t, ada, "acme", "debian", true) + "/version/1.0.0/provider/p/architecture/a"
	r.Upload(t, ada, file, []byte("x")).Want(t, 200)
	r.Do(t, "GET", file+"/file/download", "", nil).Want(t, 302)
	r.Sweep(t)

	var indexed []string
	fails := true
	r.Core.Reindex = func(_ context.Context, place, box string) error {
		if fails {
			return errors.New("not now")
		}
		indexed = append(indexed, place+"/"+box)
		return nil
	}
	janitor := r.Core.Janitor()
	r.Clock.Advance(12 * time.Minute)
	if _, err := janitor.Sweep(t.Context()); err == nil {
		t.Error("that it failed is not told")
	}
	fails = false
	r.Clock.Advance(2 * time.Minute)
	if _, err := janitor.Sweep(t.Context()); err != nil || len(indexed) != 1 || indexed[0] != "acme/debian" {
		t.Errorf("indexed are %v, %v", indexed, err)
	}
	if done, err := janitor.Sweep(t.Context()); done != 0 || err != nil {
		t.Errorf("then %d were done, %v", done, err)
	}
}
