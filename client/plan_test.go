package client

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/api"
)

func TestPlanCoversTheFile(t *testing.T) {
	for _, size := range []int64{1, 9, 10, 11, 19, 20, 21, 1000} {
		u := api.Upload{Size: size, PartSize: 10, PartCount: int((size + 9) / 10)}
		parts, err := plan(u, size)
		if err != nil {
			t.Fatalf("%d bytes: %v", size, err)
		}
		var next int64
		for i, p := range parts {
			if p.number != i+1 || p.offset != next || p.size < 1 || p.size > 10 {
				t.Errorf("%d bytes: part %+v at %d", size, p, i)
			}
			next += p.size
		}
		if next != size || total(parts) != size {
			t.Errorf("%d bytes: the parts have %d", size, next)
		}
	}
}

func TestPlanRefusesWhatDoesNotAddUp(t *testing.T) {
	for name, u := range map[string]api.Upload{
		"no part size":   {Size: 100, PartCount: 10},
		"too few parts":  {Size: 100, PartSize: 10, PartCount: 9},
		"too many parts": {Size: 100, PartSize: 10, PartCount: 11},
		"another size":   {Size: 99, PartSize: 10, PartCount: 10},
	} {
		if _, err := plan(u, 100); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestLatestIsOfThisFileAndUser(t *testing.T) {
	file := openTest(t, "0123456789")
	at := func(hour int) time.Time { return time.Date(2026, 11, 1, hour, 0, 0, 0, time.UTC) }
	mine := api.Upload{ID: "mine", UploadedBy: "ada", Size: 10, FileName: "test.box", CreatedAt: at(1)}
	newer, theirs, longer, named := mine, mine, mine, mine
	newer.ID, newer.CreatedAt = "newer", at(2)
	theirs.UploadedBy, theirs.CreatedAt = "bob", at(3)
	longer.Size, longer.CreatedAt = 11, at(4)
	named.FileName, named.CreatedAt = "other.box", at(5)
	if u, found := latest([]api.Upload{mine, newer, theirs, longer, named}, "ada", file.origin); !found || u.ID != "newer" {
		t.Errorf("found %q", u.ID)
	}
	if u, found := latest([]api.Upload{theirs, longer, named}, "ada", file.origin); found {
		t.Errorf("found %+v", u)
	}
}

func openTest(t *testing.T, content string) *local {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.box")
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	f, err := openLocal(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestWhichPartsCountAsArrived(t *testing.T) {
	file := openTest(t, "0123456789")
	second := part{number: 2, offset: 4, size: 4}
	digest := md5.Sum([]byte("4567"))
	right := hex.EncodeToString(digest[:])
	before, after := file.modified.Add(-time.Hour), file.modified.Add(time.Hour)
	for name, test := range map[string]struct {
		arrived api.UploadedPart
		began   time.Time
		want    bool
	}{
		"the MD5 of its bytes":         {api.UploadedPart{PartNumber: 2, Size: 4, ETag: right}, before, true},
		"the MD5 of other bytes":       {api.UploadedPart{PartNumber: 2, Size: 4, ETag: hex.EncodeToString(make([]byte, 16))}, after, false},
		"cut short":                    {api.UploadedPart{PartNumber: 2, Size: 3, ETag: right}, after, false},
		"not there":                    {api.UploadedPart{}, after, false},
		"opaque, and the file is old":  {api.UploadedPart{PartNumber: 2, Size: 4, ETag: "opaque"}, after, true},
		"opaque, and the file changed": {api.UploadedPart{PartNumber: 2, Size: 4, ETag: "opaque"}, before, false},
	} {
		got, err := file.has(second, io.NewSectionReader(file, 4, 4), test.arrived, api.Upload{CreatedAt: test.began})
		if err != nil || got != test.want {
			t.Errorf("%s: %t, %v", name, got, err)
		}
	}
}

// signer is the registry's side of links: it signs URLs that last.
type signer struct {
	life  time.Duration
	asked [][]int
}

func (s *signer) sign(_ context.Context, numbers []int) (urls []api.PartURL, err error) {
	s.asked = append(s.asked, numbers)
	for _, n := range numbers {
		urls = append(urls, api.PartURL{PartNumber: n, URL: "signed", ExpiresAt: time.Now().Add(s.life)})
	}
	return urls, nil
}

func someParts(numbers ...int) (parts []part) {
	for _, n := range numbers {
		parts = append(parts, part{number: n})
	}
	return parts
}

func take(t *testing.T, l *links, n int) api.PartURL {
	t.Helper()
	link, err := l.take(context.Background(), n)
	if err != nil || link.PartNumber != n {
		t.Fatalf("took %+v for part %d: %v", link, n, err)
	}
	return link
}

func TestLinksAreFetchedTogether(t *testing.T) {
	s := signer{life: time.Hour}
	l := newLinks(nil, someParts(2, 3, 5, 8), s.sign)
	for _, n := range []int{3, 5, 8, 3} {
		take(t, l, n)
	}
	if len(s.asked) != 1 || !slices.Equal(s.asked[0], []int{3, 5, 8}) {
		t.Errorf("asked for %v", s.asked)
	}
}

func TestLinksThatAreAboutToExpireAreRenewed(t *testing.T) {
	s := signer{life: time.Hour}
	old := api.PartURL{PartNumber: 1, URL: "old", ExpiresAt: time.Now().Add(time.Second)}
	l := newLinks([]api.PartURL{old}, someParts(1), s.sign)
	if link := take(t, l, 1); link.URL == "old" {
		t.Error("took a URL that expires in a second")
	}
}

func TestRefusedLinkTakesThoseOfItsAgeWithIt(t *testing.T) {
	s := signer{life: time.Hour}
	l := newLinks(nil, someParts(1, 2), s.sign)
	l.drop(take(t, l, 2))
	s.life = 2 * time.Hour
	fresh := take(t, l, 2)
	l.drop(api.PartURL{PartNumber: 2, ExpiresAt: time.Now().Add(time.Hour)}) // an old one, reported late
	if take(t, l, 2) != fresh {
		t.Error("a fresh URL was dropped with an old one")
	}
	take(t, l, 1)
	if want := [][]int{{2}, {2}, {1}}; len(s.asked) != 3 || !slices.EqualFunc(s.asked, want, slices.Equal[[]int]) {
		t.Errorf("asked for %v, want %v", s.asked, want)
	}
}

// With a clock that is ahead every URL seems to have expired; they are used all the same.
func TestLinksWithAWrongClock(t *testing.T) {
	s := signer{life: -time.Hour}
	l := newLinks(nil, someParts(1, 2), s.sign)
	take(t, l, 1)
	take(t, l, 2)
	if len(s.asked) != 1 {
		t.Errorf("asked for %v", s.asked)
	}
}

func TestBatchesAreBounded(t *testing.T) {
	s := signer{life: time.Hour}
	l := newLinks(nil, make([]part, 0), s.sign)
	for n := range 3 * signBatch {
		l.parts = append(l.parts, n+1)
	}
	take(t, l, 1)
	if len(s.asked[0]) != signBatch {
		t.Errorf("asked for %d URLs at once", len(s.asked[0]))
	}
}
