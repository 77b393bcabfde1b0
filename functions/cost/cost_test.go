package cost_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/boxvault/boxvault/functions/cost"
)

func TestEveryMeterHasOnePrice(t *testing.T) {
	seen := map[cost.Meter]bool{}
	for _, p := range cost.Prices {
		if seen[p.Meter] || p.USD <= 0 || p.Per < 1 || p.Free < 0 {
			t.Errorf("%+v is no price, or another one of the same", p)
		}
		seen[p.Meter] = true
	}
	for _, team := range cost.Teams {
		for m := range team.Usage(true) {
			cost.PriceOf(m) // panics when there is none
		}
	}
}

func TestTypesOfResourcesAreListedOnceInOrder(t *testing.T) {
	var types []string
	for _, r := range cost.Resources {
		types = append(types, r.Type)
		if (r.Meter == "") != (r.USD() == 0) {
			t.Errorf("%s costs %v at rest by %q", r.Type, r.USD(), r.Meter)
		}
	}
	if !slices.IsSorted(types) || len(slices.Compact(types)) != len(cost.Resources) {
		t.Error("they are not in order, or one is there twice")
	}
	if _, ok := cost.Resource("AWS::Redshift::Cluster"); ok {
		t.Error("a type that is not listed is known")
	}
}

// What follows from what, worked out by hand.
func TestWhatATeamUses(t *testing.T) {
	u := cost.Team{Boxes: 1, BoxGB: 2, StoredGB: 10, Adds: 100, Checks: 50, Pushes: 3}.Usage(false)
	for m, want := range map[cost.Meter]float64{
		cost.APIRequest:   100*3 + 50*2 + 3*4,
		cost.BucketOut:    200,
		cost.BucketGB:     10,
		cost.BucketPut:    3 * (2 + 30), // 2 GB in parts of 64 MiB
		cost.BucketGet:    103,
		cost.QueueRequest: cost.Polls + 3*(100+3*float64(cost.PushWork.Pieces)),
		cost.EdgeOut:      0,
	} {
		if math.Abs(u[m]-want) > 1e-6 {
			t.Errorf("%s: %v, want %v", m, u[m], want)
		}
	}
}

func TestWithTheEdgeEveryRequestGoesThroughIt(t *testing.T) {
	u := cost.Team{Boxes: 1, BoxGB: 2, StoredGB: 10, Adds: 100, Checks: 50}.Usage(true)
	for m, want := range map[cost.Meter]float64{
		cost.EdgeRequest: 100*(3+1) + 50*2, cost.EdgeFunction: 100, cost.EdgeOut: 200, cost.BucketOut: 0,
	} {
		if u[m] != want {
			t.Errorf("%s: %v, want %v", m, u[m], want)
		}
	}
}

func TestABusyBoxIsAddedUpEveryTenMinutes(t *testing.T) {
	for downloads, want := range map[float64]float64{10: 10, 1e6: 2 * 4320} {
		if got := cost.Recounts(downloads, 2); got != want {
			t.Errorf("%v downloads of 2 boxes leave %v pieces of work, want %v", downloads, got, want)
		}
	}
}

func TestThePageSaysWhenItsPricesHeld(t *testing.T) {
	page := string(cost.Page())
	for _, want := range []string{cost.Region, cost.AsOf, "A million `vagrant box add`", "| `AWS::EC2::NatGateway` | 32.85 |"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %s", want)
		}
	}
	for _, team := range cost.Teams {
		if !strings.Contains(page, team.Name) {
			t.Errorf("%s is not there", team.Name)
		}
	}
}

// By hand, from the prices of an hour: a quarter of a processor and half a GB, an address, a balancer; and two alarms.
func TestWhatTheRelayCosts(t *testing.T) {
	if want := 730*(0.25*0.03238+0.5*0.00356+0.005+0.0225) + 2*0.10; math.Abs(cost.RelayUSD()-want) > 0.01 {
		t.Errorf("a month costs %v, want %v", cost.RelayUSD(), want)
	}
	if page := string(cost.Page()); !strings.Contains(page, "| **all** | **27.49** |") {
		t.Error("the page does not say it")
	}
}
