package keyring_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/keyring"
)

var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

func key(id string, since time.Time) keyring.Key {
	return keyring.Key{ID: id, Since: since, Secret: []byte("a secret of 32 bytes or more: " + id + "..")}
}

func ids(keys []keyring.Key) (text string) {
	for _, k := range keys {
		text += k.ID
	}
	return text
}

func TestTheLastKeyThatHasBegunSigns(t *testing.T) {
	ring := keyring.Ring{key("a", noon), key("b", noon.Add(time.Hour))}
	for at, want := range map[time.Duration]string{-time.Second: "", 0: "a", 59 * time.Minute: "a", time.Hour: "b", 24 * time.Hour: "b"} {
		if got, ok := ring.Current(noon.Add(at)); got.ID != want || ok != (want != "") {
			t.Errorf("%v after noon %q signs, want %q", at, got.ID, want)
		}
	}
	if k, ok := keyring.Ring(nil).Current(noon); ok {
		t.Errorf("no ring signs with %q", k.ID)
	}
}

func TestAKeyStaysWhileSomethingOfItIsGood(t *testing.T) {
	const life = time.Hour
	ring := keyring.Ring{key("a", noon)}
	step := func(at time.Duration, id, wantKept, wantGone string) {
		t.Helper()
		now := noon.Add(at)
		kept, gone := ring.Rotate(key(id, now.Add(10*time.Minute)), now, life)
		if ids(kept) != wantKept || ids(gone) != wantGone {
			t.Errorf("%v after noon %s are kept and %s go, want %s and %s", at, ids(kept), ids(gone), wantKept, wantGone)
		}
		ring = kept
	}
	step(time.Hour, "b", "ab", "")
	step(time.Hour+30*time.Minute, "c", "abc", "") // b signs for 20 minutes: a link of a may have 40 left
	step(2*time.Hour+10*time.Minute, "d", "bcd", "a")
	step(24*time.Hour, "e", "de", "bc")
}

func TestARingIsReadAsItWasWritten(t *testing.T) {
	ring := keyring.Ring{key("a", noon), key("b", noon.Add(time.Hour))}
	if got, err := keyring.Parse(ring.Text()); err != nil || !reflect.DeepEqual(got, ring) {
		t.Errorf("read %v, %v", got, err)
	}
	for _, text := range []string{
		"", "hunter2", "{}", `[{"id":"hunter2"}]`, `[{"secret":"aHVudGVyMg=="}]`,
		keyring.Ring{ring[1], ring[0]}.Text(), "[]", `[{"id":"a","secret":"aHVudGVyMg=="}]`,
	} {
		if got, err := keyring.Parse(text); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s was read as %v, %v", text, got, err)
		}
	}
}

func TestAKeyIsFoundByItsName(t *testing.T) {
	ring := keyring.Ring{key("a", noon), key("b", noon.Add(time.Hour))}
	for id, want := range map[string]bool{"a": true, "b": true, "c": false, "": false} {
		if got, ok := ring.Named(id); ok != want || ok && got.ID != id {
			t.Errorf("%q is %v, %v", id, got, ok)
		}
	}
	if text := ring.Public().Text(); strings.Contains(text, "secret") || !strings.Contains(text, `"id":"b"`) || len(ring[0].Secret) == 0 {
		t.Errorf("what is told is %s", text)
	}
}

func TestASecretWithoutAnIDIsARingOfOne(t *testing.T) {
	ring, err := keyring.OfOne([]byte("a secret of 32 bytes or more, kept as it is"))
	if err != nil {
		t.Fatal(err)
	}
	if k, ok := ring.Current(noon); !ok || k.ID != keyring.Unnamed {
		t.Errorf("%v signs", k)
	}
	next, _ := ring.Rotate(key("b", noon), noon, time.Hour)
	if k, ok := next.Named(""); !ok || k.ID != keyring.Unnamed {
		t.Errorf("what names no key is of %v", k)
	}
	if got, err := keyring.Parse(next.Text()); err != nil || len(got) != 2 {
		t.Errorf("after a rotation it is %v, %v", got, err)
	}
	if _, err := keyring.OfOne([]byte("hunter2")); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("a short one gives %v", err)
	}
}
