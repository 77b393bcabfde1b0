package infra

import (
	"fmt"
	"regexp"
	"slices"
)

var (
	hostName    = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$`)
	zoneNames   = regexp.MustCompile(`^[a-z]+(-[a-z0-9]+)+,[a-z]+(-[a-z0-9]+)+$`)
	distributed = regexp.MustCompile(`^E[A-Z0-9]{5,20}$`)
	certificate = regexp.MustCompile(`^arn:aws[a-z-]*:acm:us-east-1:[0-9]{12}:certificate/[0-9a-f-]+$`)
)

// hasEdge reports whether there is a distribution.
func (p Parameters) hasEdge() bool { return p.Edge == "true" }

// edgePath is the path of the SSM parameters about the distribution; empty without one.
func (p Parameters) edgePath() string {
	if !p.hasEdge() {
		return ""
	}
	return "/" + p.Stack + "/edge"
}

// checkEdge returns what CloudFront would refuse after some minutes of deploying.
func (p Parameters) checkEdge() (wrong []error) {
	refuse := func(bad bool, format string, args ...any) {
		if bad {
			wrong = append(wrong, fmt.Errorf(format, args...))
		}
	}
	refuse(p.Edge != "" && p.Edge != "true" && p.Edge != "false", "edge=%s: must be true or false", p.Edge)
	refuse(!slices.Contains([]string{"100", "200", "All"}, p.PriceClass), "priceClass=%s: must be 100, 200 or All", p.PriceClass)
	refuse(p.Domain != "" && !hostName.MatchString(p.Domain), "domain=%s: must be a host name alone, like boxes.example.com", p.Domain)
	refuse((p.Domain != "" || p.Certificate != "") && !p.hasEdge(), "domain=%s: must be given with edge=true, which makes the distribution that answers to it", p.Domain)
	refuse(p.Certificate != "" && !certificate.MatchString(p.Certificate),
		"certificate=%s: must be the ARN of a certificate that ACM has in us-east-1, where CloudFront looks for it", p.Certificate)
	refuse(hostName.MatchString(p.Domain) && p.Certificate == "", "domain=%s: must have a certificate: request one with aws acm request-certificate "+
		"--region us-east-1 --domain-name %[1]s --validation-method DNS, and give its ARN as certificate=", p.Domain)
	refuse(p.EdgeLogs != "" && p.EdgeLogs != "true" && p.EdgeLogs != "false", "edgeLogs=%s: must be true or false", p.EdgeLogs)
	refuse(p.EdgeLogs == "true" && !p.hasEdge(), "edgeLogs=%s: must be given with edge=true, which makes the distribution that is logged", p.EdgeLogs)
	refuse(p.Distribution != "" && (!distributed.MatchString(p.Distribution) || !p.hasEdge()),
		"distribution=%s: must be the id that CloudFront gave the distribution, like E2EXAMPLE1ABCD, given with edge=true", p.Distribution)
	refuse(p.Domain == "" && p.Certificate != "", "certificate=%s: must be given with the domain that it is for", p.Certificate)
	refuse(p.Relay != "" && p.Relay != "true" && p.Relay != "false", "relay=%s: must be true or false", p.Relay)
	refuse(p.hasRelay() && !p.hasEdge(), "relay=true: must be given with edge=true, as it is CloudFront that leads uploads to the relay")
	refuse(p.Zones != "" && (!zoneNames.MatchString(p.Zones) || !p.hasRelay()), "zones=%s: must be two zones, like eu-central-1a,eu-central-1b, and relay=true", p.Zones)
	return wrong
}
