package registry_test

import (
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/shared/registry"
)

// askRuby prints for each line of input, two numbers, how they compare; it fails on what is no version
// to Ruby.
const askRuby = `STDIN.each_line(chomp: true) { |line|
  a, b = line.split(" ").map { |n| Gem::Version.new(n) }
  puts a <=> b
}`

// Vagrant compares versions by Ruby's Gem::Version: the real one is asked.
func TestVersionNumbersAgainstRuby(t *testing.T) {
	ruby, err := exec.LookPath("ruby")
	if err != nil {
		t.Skip("ruby is not installed (Debian's vagrant brings it): versions are held against the table alone")
	}
	var pairs [][2]registry.Number
	for _, a := range ordered {
		for _, b := range ordered {
			pairs = append(pairs, [2]registry.Number{a[0], b[len(b)-1]})
		}
	}
	random := rand.New(rand.NewPCG(3, 4))
	for range 5000 {
		pairs = append(pairs, [2]registry.Number{randomNumber(random), randomNumber(random)})
	}
	answers := ask(t, ruby, pairs)
	for i, p := range pairs {
		want := fmt.Sprint(p[0].Compare(p[1]))
		if answers[i] != want {
			t.Errorf("%s and %s: ruby says %q, we say %q", p[0], p[1], answers[i], want)
		}
	}
}

func ask(t *testing.T, ruby string, pairs [][2]registry.Number) []string {
	t.Helper()
	var in strings.Builder
	for _, p := range pairs {
		fmt.Fprintln(&in, p[0], p[1])
	}
	cmd := exec.CommandContext(t.Context(), ruby, "--disable=did_you_mean", "-e", askRuby)
	cmd.Stdin = strings.NewReader(in.String())
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	answers := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(answers) != len(pairs) {
		t.Fatalf("ruby answered %d of %d lines", len(answers), len(pairs))
	}
	return answers
}
