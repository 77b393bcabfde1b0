package limit

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// Quotas are how many requests a minute are let through. 0 means the default, Off no limit.
type Quotas struct {
	// Address is for strangers, and for tokens that are not good, from one address.
	Address int
	// Account is for one person, whatever their sessions and addresses, or one service account.
	Account int
	// Sensitive is for what one address asks of routes where passwords are tried or letters sent;
	// those requests count for Address or Account as well.
	Sensitive int
}

// Off is a quota without a limit.
const Off = -1

// Defaults stand in for quotas that are 0. They are far above what people, CI jobs and whole sites
// behind one address do, and below what takes a registry down: 120 sign-ins a minute are a tenth of
// what two processors can hash.
var Defaults = Quotas{Address: 1200, Account: 3000, Sensitive: 120}

// Effective are the quotas with the defaults in place.
func (q Quotas) Effective() Quotas {
	return Quotas{
		Address:   cmp.Or(q.Address, Defaults.Address),
		Account:   cmp.Or(q.Account, Defaults.Account),
		Sensitive: cmp.Or(q.Sensitive, Defaults.Sensitive),
	}
}

// maxQuota keeps the time between two requests long enough to be counted in nanoseconds.
const maxQuota = 100_000_000

// ParseQuotas reads quotas as an operator writes them: "off", or any of address=, account= and
// sensitive= with a number of requests a minute or "off", separated by commas. What is left out
// stays at its default.
func ParseQuotas(text string) (q Quotas, err error) {
	if text == "off" {
		return Quotas{Off, Off, Off}, nil
	}
	fields := map[string]*int{"address": &q.Address, "account": &q.Account, "sensitive": &q.Sensitive}
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		field := fields[name]
		if field == nil {
			return q, fmt.Errorf("%s: write limits as address=1200,account=3000,sensitive=120, or off", part)
		}
		if *field, err = parseQuota(value); err != nil {
			return q, fmt.Errorf("%s: %w", part, err)
		}
	}
	return q, nil
}

func parseQuota(text string) (int, error) {
	if text == "off" {
		return Off, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxQuota {
		return 0, fmt.Errorf("must be requests a minute, 1 to %d, or off", maxQuota)
	}
	return n, nil
}
