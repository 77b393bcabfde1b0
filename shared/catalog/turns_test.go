package catalog

import (
	"testing"
	"testing/synctest"
)

func TestWhoAsksBeforeWorkBeginsSharesIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c turns
		runs, finish := 0, make(chan struct{})
		ask := func(key string) {
			go func() {
				_ = c.do(key, func() error { runs++; <-finish; return nil })
			}()
			synctest.Wait()
		}
		ask("debian")
		for range 20 { // too late for the first, which has read the box already
			ask("debian")
		}
		finish <- struct{}{}
		synctest.Wait()
		ask("debian") // too late for the second
		close(finish)
		synctest.Wait()
		if runs != 3 {
			t.Errorf("%d runs, want 3", runs)
		}
	})
}
