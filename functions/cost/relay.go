package cost

import (
	"bytes"
	"fmt"
)

// Relay is what relay=true adds to a month in which nobody uploads: one task, the address that it has instead of a NAT,
// the load balancer and what says when there is to be one more task.
var Relay = []Meter{TaskMonth, AddressMonth, BalancerMonth, ScalingMonth}

// RelayGB is what is paid for each GB that is uploaded through the relay, beside what it takes of the bucket: CloudFront
// passes it on, and a capacity unit of the balancer is a GB in an hour.
var RelayGB = []Meter{EdgeIn, BalancerUnit}

// RelayUSD is the price of a month of the relay at rest.
func RelayUSD() float64 { return sum(Relay) }

func sum(meters []Meter) (usd float64) {
	for _, m := range meters {
		usd += PriceOf(m).Of(1)
	}
	return usd
}

func relay(out *bytes.Buffer) {
	fmt.Fprint(out, `
## The relay

With `+"`relay=true`"+` there is one service for documented uploads of any size, which is paid for whether it is used or not:

| a month at rest | |
|---|--:|
`)
	for _, m := range Relay {
		fmt.Fprintf(out, "| %s | %s |\n", m, dollars(PriceOf(m).Of(1)))
	}
	fmt.Fprintf(out, "| **all** | **%s** |\n", dollars(RelayUSD()))
	fmt.Fprintf(out, "\nA task has %g vCPU and %g GB, and there are as many as are needed. Each GB that goes through costs %s more\n"+
		"(%s; %s). `boxvault push` goes past it, to S3, for nothing.\n",
		taskCPU, taskGB, dollars(sum(RelayGB)), EdgeIn, BalancerUnit)
}
