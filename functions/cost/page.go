package cost

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"
)

// Page is docs/cost.md.
func Page() []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, intro, Region, AsOf)
	months(&out)
	adds(&out)
	fmt.Fprintf(&out, estimates, BoxVersions, baseMS, callMS, startMS, readGB*1000, LogLine+otherLog, partGB*1000, number(Polls))
	relay(&out)
	atRest(&out)
	prices(&out)
	return out.Bytes()
}

const intro = `# What it costs

Made by ` + "`make generate`" + ` (functions/cost); do not edit. US dollars without tax, by the list prices of %s in %s;
https://calculator.aws has today's. What every account has free for good is taken off; what is free in the first year only is not.
`

func months(out *bytes.Buffer) {
	row(out, "\n## A month\n\n| |", func(t Team) string { return t.Name })
	fmt.Fprintln(out, "|---"+strings.Repeat("|--:", len(Teams))+"|")
	for _, c := range []struct {
		name string
		of   func(Team) float64
	}{
		{"boxes in use", func(t Team) float64 { return t.Boxes }}, {"GB stored", func(t Team) float64 { return t.StoredGB }},
		{"`vagrant box add`, of " + number(Teams[0].BoxGB) + " GB each", func(t Team) float64 { return t.Adds }},
		{"`vagrant up`, looking for a newer box", func(t Team) float64 { return t.Checks }},
		{"files pushed", func(t Team) float64 { return t.Pushes }},
		{"requests that start a function, in 100", func(t Team) float64 { return 100 * t.Cold }},
	} {
		row(out, "| "+c.name+" |", func(t Team) string { return number(c.of(t)) })
	}
	for _, p := range Prices {
		m := p.Meter
		if Teams[0].Usage(true)[m] == 0 && Teams[0].Usage(false)[m] == 0 {
			continue
		}
		row(out, "| "+string(m)+" |", func(t Team) string {
			amount := cmp.Or(t.Usage(false)[m], t.Usage(true)[m])
			return number(amount) + " → " + dollars(p.Of(max(0, amount-p.Free)))
		})
	}
	row(out, "| **all, links to S3** |", func(t Team) string { return "**" + dollars(t.Usage(false).bill()) + "**" })
	row(out, "| **all, CloudFront in front** |", func(t Team) string { return "**" + dollars(t.Usage(true).bill()) + "**" })
	row(out, "| all, links to S3, where other things in the account have used up what is free |",
		func(t Team) string { return dollars(t.Usage(false).list()) })
	fmt.Fprint(out, `
Bytes to the internet are the price of a registry that is downloaded from: they go out by S3 or by CloudFront, and
are paid for once. A flat-rate plan of CloudFront has no price for a byte; look at it from some terabytes on.
`)
}

func row(out *bytes.Buffer, name string, cell func(Team) string) {
	fmt.Fprint(out, name)
	for _, t := range Teams {
		fmt.Fprintf(out, " %s |", cell(t))
	}
	fmt.Fprintln(out)
}

func adds(out *bytes.Buffer) {
	fmt.Fprint(out, "\n## A million `vagrant box add`\n\nEach asks for:\n\n| request | calls to the table | units read | units written |\n|---|--:|--:|--:|\n")
	for _, r := range BoxAdd {
		fmt.Fprintf(out, "| %s | %d | %d | %d |\n", r.Row, r.Calls, r.Reads, r.Writes)
	}
	fmt.Fprint(out, "\nand a GET of the file. A million in a month, with nothing free:\n\n| | links to S3 | CloudFront in front |\n|---|--:|--:|\n")
	direct, edge := AMillionAdds(false), AMillionAdds(true)
	for _, p := range Prices {
		if m := p.Meter; direct[m]+edge[m] > 0 {
			fmt.Fprintf(out, "| %s | %s | %s |\n", m, dollars(p.Of(direct[m])), dollars(p.Of(edge[m])))
		}
	}
	fmt.Fprintf(out, "| **all** | **%s** | **%s** |\n", dollars(direct.list()), dollars(edge.list()))
	fmt.Fprintf(out, "| and for each GB of a box | %s | %s |\n", dollars(PriceOf(BucketOut).Of(1e6)), dollars(PriceOf(EdgeOut).Of(1e6)))
}

const estimates = `
Calls and units are counted on a real registry, for a public box of %d versions with two files each, by a test
(functions/paid_test.go). Estimated are: %d ms of a function for a request, %d ms for each call to the table and %d ms
to start; %.0f MB a second to verify a file; %d bytes of logs a request; parts of %.0f MB. Lambda asks the queue
for messages %s times a month, whether there are any or not. Left out: sign-ins and what people look at, mails, webhooks,
KMS for the keys (one request for each start of a function, and every 5 minutes that it is used), and what the log keeps of a longer time than a month.
`

func atRest(out *bytes.Buffer) {
	fmt.Fprint(out, `
## At rest

What a month costs in which nobody asks for anything, by type of resource. A test (infra) holds the stacks against this
table: a type that is not here fails it, and so does one that costs, unless a parameter asks for it (alarms, relay).

| type | a month at rest | paid for when used |
|---|--:|---|
`)
	for _, r := range Resources {
		fmt.Fprintf(out, "| `%s` | %s | %s |\n", r.Type, dollars(r.USD()), r.Used)
	}
}

func prices(out *bytes.Buffer) {
	fmt.Fprint(out, "\n## The prices\n\n| | USD | for | free each month |\n|---|--:|--:|--:|\n")
	for _, p := range Prices {
		fmt.Fprintf(out, "| %s | %s | %s | %s |\n", p.Meter, strings.TrimSuffix(fmt.Sprintf("%.3f", p.USD), "0"), number(p.Per), number(p.Free))
	}
}

// dollars are cents, and "0" when there is nothing to pay.
func dollars(usd float64) string {
	switch {
	case usd == 0:
		return "0"
	case usd < 0.005:
		return "< 0.01"
	}
	return thousands(fmt.Sprintf("%.2f", usd))
}

// number has three digits that matter, and none behind the point when it has more before it.
func number(n float64) string {
	if n != 0 && n < 100 {
		return strings.TrimSuffix(fmt.Sprintf("%.3g", n), ".0")
	}
	return thousands(fmt.Sprintf("%.0f", n))
}

// thousands puts commas between the digits before the point.
func thousands(digits string) string {
	whole, rest, point := strings.Cut(digits, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if point {
		whole += "." + rest
	}
	return whole
}
