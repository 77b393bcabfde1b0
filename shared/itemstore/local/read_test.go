package local

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/itemstore"
)

// A page is bounded work, however large the partition and however much of it has expired.
func TestPageHasABoundOfItsOwn(t *testing.T) {
	const size, n = 64 << 10, 2*maxPage/(64<<10) + 1
	for name, expires := range map[string]time.Time{"live": {}, "expired": noon} {
		t.Run(name, func(t *testing.T) {
			clock := &movable{noon.Add(-time.Hour)}
			s := openNew(t, clock.now)
			for i := range n {
				write(t, s, itemstore.Put(itemstore.Item{
					Key:     key(fmt.Sprintf("%02d", i)),
					Doc:     []byte(strings.Repeat("x", size)),
					Expires: expires,
				}, itemstore.Absent()))
			}
			clock.Time = noon
			pages := 0
			for q := (itemstore.Query{Partition: "box"}); pages == 0 || q.After != ""; pages++ {
				page, err := s.Query(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				q.After = page.Next
			}
			if pages != 3 {
				t.Errorf("it took %d pages of %d bytes to read %d", pages, maxPage, n*size)
			}
		})
	}
}
