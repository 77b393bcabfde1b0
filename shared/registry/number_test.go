package registry_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/registry"
)

func TestVersionNumbersThatAreTaken(t *testing.T) {
	for text, want := range map[string]registry.Number{
		"1.2.3": "1.2.3", "20241101.0": "20241101.0", "57": "57", "0": "0", "1.0.0-rc1": "1.0.0-rc1",
		"1.a.2": "1.a.2", "1.0.0.beta": "1.0.0.beta", "1.2-3-4.x": "1.2-3-4.x", "1--": "1--", "007": "007",
		"v1.0": "1.0", "V1.0": "1.0", "v57": "57",
		strings.Repeat("9", 100): registry.Number(strings.Repeat("9", 100)),
	} {
		if got, err := registry.ParseNumber(text); err != nil || got != want {
			t.Errorf("%q became %q, %v", text, got, err)
		}
	}
	for _, text := range []string{
		"", "v", "latest", "vv1.0", "vV1.0", "1.0+build", "1_0", "1.", ".1", "1..2", "a.1", "-1", "1-", "1.0-", "1.0 ",
		" 1.0", "1.0\n", "1.0\x00", "1.0.0-rc_1", "1.ä", "١.٢", "1/2", "../1", "1.0-.x", strings.Repeat("9", 101),
	} {
		if n, err := registry.ParseNumber(text); err == nil {
			t.Errorf("%q was taken, as %q", text, n)
		}
	}
}

// Ordered as Gem::Version orders them; the numbers of one line are equal.
var ordered = [][]registry.Number{
	{"0.a"},
	{"0.0.0-rc1", "0-rc1", "0.0.0.pre.rc1"},
	{"0", "0.0", "00"},
	{"0.0.1"},
	{"1.A"}, // upper case sorts before lower case
	{"1.a"},
	{"1.a.2"},
	{"1.b", "1.0.b", "1.b.0", "1.0.0.b.0.0"},
	{"1-A"}, // "1.pre.A", behind "1.b"
	{"1-a"},
	{"1.0.0-alpha"},
	{"1.0.0-rc.1", "1.0.0-rc1"},
	{"1.0.0-rc2"},
	{"1.0.0-rc10", "1-rc10"},
	{"1.pre"},
	{"1.0.0", "1", "1.0", "01.0", "1.0.0.0"},
	{"1.0.0.1"},
	{"1.2.9"},
	{"1.2.10", "1.02.10"},
	{"2"},
	{"20241101.0", "20241101"},
	{"18446744073709551616"},
	{"99999999999999999999999999999999"},
	{"100000000000000000000000000000000", "0100000000000000000000000000000000.0"},
}

func TestVersionNumbersAreOrderedAsRubyOrdersThem(t *testing.T) {
	for i, line := range ordered {
		for _, n := range line {
			for j, other := range ordered {
				for _, m := range other {
					compareBoth(t, n, m, cmpInt(i, j))
				}
			}
		}
	}
}

func compareBoth(t *testing.T, n, m registry.Number, want int) {
	t.Helper()
	if got := n.Compare(m); got != want {
		t.Errorf("%s against %s is %d, want %d", n, m, got, want)
	}
	if (n.Key() == m.Key()) != (want == 0) {
		t.Errorf("the keys of %s and %s are %s and %s", n, m, n.Key(), m.Key())
	}
}

func cmpInt(a, b int) int { return max(-1, min(1, a-b)) }

// Whatever the numbers are, the order is one, and equal keys are equal numbers.
func TestTheOrderOfVersionNumbersIsTotal(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	numbers := make([]registry.Number, 40)
	for i := range numbers {
		numbers[i] = randomNumber(random)
	}
	for _, a := range numbers {
		for _, b := range numbers {
			compareBoth(t, b, a, -a.Compare(b))
			for _, c := range numbers {
				if a.Compare(b) <= 0 && b.Compare(c) <= 0 && a.Compare(c) > 0 {
					t.Fatalf("%s ≤ %s ≤ %s, but not %s ≤ %s", a, b, c, a, c)
				}
			}
		}
	}
}

// randomNumber is made of few pieces, so that many numbers are equal or nearly so.
func randomNumber(random *rand.Rand) registry.Number {
	pieces := []string{"0", "1", "2", "10", "01", "a", "b", "rc1", "1a", "A", "00", "9999999999999999999999"}
	pick := func() string { return pieces[random.IntN(len(pieces))] }
	text := fmt.Sprint(random.IntN(3))
	for range random.IntN(4) {
		text += "." + pick()
	}
	if random.IntN(3) == 0 {
		text += "-" + strings.Repeat("-", random.IntN(2)) + pick()
		for range random.IntN(3) {
			text += "." + pick()
		}
	}
	n, err := registry.ParseNumber(text)
	if err != nil {
		panic(err)
	}
	return n
}

func TestVersionsAreSorted(t *testing.T) {
	var list []registry.Version
	for _, n := range []registry.Number{"1.10.0", "1.9.0", "1.0.0", "1.0.0-rc1", "20241101.0", "2"} {
		list = append(list, registry.Version{Number: n})
	}
	registry.SortVersions(list)
	var got []string
	for _, v := range list {
		got = append(got, string(v.Number))
	}
	if text := strings.Join(got, " "); text != "1.0.0-rc1 1.0.0 1.9.0 1.10.0 2 20241101.0" {
		t.Error(text)
	}
}
