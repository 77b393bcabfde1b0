package infra

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/jsii-runtime-go"

	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/functions/behind"
	"github.com/boxvault/boxvault/functions/deployment"
)

// reserved reads Reserve: executions by the name of the function. An entry that is wrong, or is
// there twice, is an error.
func (p Parameters) reserved() (map[string]int, error) {
	executions := map[string]int{}
	if p.Reserve == "" {
		return executions, nil
	}
	for entry := range strings.SplitSeq(p.Reserve, ",") {
		name, digits, _ := strings.Cut(entry, "=")
		n, err := strconv.Atoi(digits)
		if err != nil || n < 1 || name == "" || executions[name] > 0 {
			return nil, fmt.Errorf("%q reserves nothing", entry)
		}
		executions[name] = n
	}
	return executions, nil
}

// reservedFor returns what is reserved for the function, nil when nothing is.
func (p Parameters) reservedFor(function string) *float64 {
	executions, _ := p.reserved() // parameters are checked before
	if executions[function] == 0 {
		return nil
	}
	return jsii.Number(executions[function])
}

// leastWorkers is the smallest MaximumConcurrency that there is.
const leastWorkers = 2

// workers is how many messages are worked on at a time. With more of them than are reserved for the function, messages would
// be turned away, which counts as a try. Source: docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html.
func (p Parameters) workers() int {
	executions, _ := p.reserved()
	return min(deployment.Workers, cmp.Or(executions[behind.DoWork], deployment.Workers))
}

// checkReserved refuses to reserve for a function that is not deployed, and too little for what takes messages.
func (p Parameters) checkReserved(groups []functions.Group) error {
	executions, _ := p.reserved()
	if p.workers() < leastWorkers {
		return fmt.Errorf("reserve=%s: %s must have %d at least, or messages are turned away", p.Reserve, behind.DoWork, leastWorkers)
	}
	for _, f := range deployment.Behind() {
		delete(executions, f.Name)
	}
	for _, g := range groups {
		for _, f := range p.split(g) {
			delete(executions, f.Name)
		}
	}
	if len(executions) > 0 {
		return fmt.Errorf("reserve=%s: there is no function %s", p.Reserve, strings.Join(slices.Sorted(maps.Keys(executions)), ", "))
	}
	return nil
}
