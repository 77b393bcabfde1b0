package infra

import (
	"fmt"
	"slices"
	"testing"

	"github.com/boxvault/boxvault/functions/cost"
)

// watching are the types that cost at rest, and that alarms=true asks for.
var watching = []string{"AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard"}

// atRest checks that a type of resource is known, and costs nothing while nobody uses it.
func (in *inspection) atRest(id, kind string) {
	known, ok := cost.Resource(kind)
	switch {
	case !ok:
		in.fault("%s is a %s: say in functions/cost what that costs at rest", id, kind)
	case known.USD() > 0 && !(in.watched() && slices.Contains(watching, kind)):
		in.fault("%s is a %s, which costs %.2f USD a month at rest", id, kind, known.USD())
	}
}

// A deployment with the defaults is free at rest, and one that is watched costs what the README says.
func TestWhatADeploymentCostsAtRest(t *testing.T) {
	plain, err := registry()
	plain = must(t, plain, err)
	watched, err := watchedRegistry()
	watched = must(t, watched, err)
	for _, c := range []struct {
		synthesized
		want string
	}{{plain, "0.00"}, {watched, "3.90"}} {
		usd := 0.0
		for _, r := range c.read(t).resources {
			known, _ := cost.Resource(r.Type)
			usd += known.USD()
		}
		if got := fmt.Sprintf("%.2f", usd); got != c.want {
			t.Errorf("with alarms=%q it costs %s USD a month at rest, want %s", c.Alarms, got, c.want)
		}
	}
}
