package cloudfronttest

import (
	"crypto/ecdsa"
	"crypto/sha1" // CloudFront's own choice, unless told
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The members of a query that are CloudFront's own, see
// docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-signed-urls.html.
const (
	expires   = "Expires"        // of a canned policy
	policy    = "Policy"         // a custom one
	signature = "Signature"      // of the policy
	keyPair   = "Key-Pair-Id"    // the public key's id
	algorithm = "Hash-Algorithm" // SHA256; SHA1 when it is not there
)

// statement is what a policy allows.
type statement struct {
	Resource  string
	Condition struct {
		DateLessThan, DateGreaterThan *struct {
			Epoch int64 `json:"AWS:EpochTime"`
		}
		IPAddress *struct {
			Source string `json:"AWS:SourceIp"`
		} `json:"IpAddress"`
	}
}

// signed reports whether a request has a valid signature of a policy that allows it.
func (e *Edge) signed(r *http.Request) bool {
	base, own := e.base(r)
	for _, values := range own {
		if len(values) > 1 {
			return false
		}
	}
	text, custom := policyOf(base, own)
	key := e.key(own.Get(keyPair))
	if text == nil || key == nil || !verify(key, text, own) {
		return false
	}
	var p struct{ Statement []statement }
	if json.Unmarshal(text, &p) != nil || len(p.Statement) != 1 {
		return false
	}
	return p.Statement[0].allows(base, custom, r.RemoteAddr, e.now())
}

// policyOf returns the policy of a request: the one that was sent, or that which its expiry stands for.
func policyOf(base string, own url.Values) (text []byte, custom bool) {
	if own.Has(policy) == own.Has(expires) {
		return nil, false
	}
	if own.Has(policy) {
		return decode(own.Get(policy)), true
	}
	seconds, err := strconv.ParseInt(own.Get(expires), 10, 64)
	if err != nil {
		return nil, false
	}
	return fmt.Appendf(nil, `{"Statement":[{"Resource":"%s","Condition":{"DateLessThan":{"AWS:EpochTime":%d}}}]}`, base, seconds), false
}

func verify(key *ecdsa.PublicKey, text []byte, own url.Values) bool {
	var hash []byte
	switch own.Get(algorithm) {
	case "SHA256":
		sum := sha256.Sum256(text)
		hash = sum[:]
	case "SHA1", "":
		sum := sha1.Sum(text)
		hash = sum[:]
	}
	return hash != nil && ecdsa.VerifyASN1(key, hash, decode(own.Get(signature)))
}

// decode reads base64 in the letters that CloudFront has it in; nil when it is none.
func decode(text string) []byte {
	raw, err := base64.StdEncoding.Strict().DecodeString(strings.NewReplacer("-", "+", "_", "=", "~", "/").Replace(text))
	if err != nil {
		return nil
	}
	return raw
}

// allows reports whether a URL may be had now, from an address. Only a custom policy has wildcards.
func (s statement) allows(url string, custom bool, from string, now time.Time) bool {
	c := s.Condition
	switch {
	case custom && !matches(s.Resource, url), !custom && s.Resource != url:
		return false
	case c.DateLessThan == nil || now.Unix() >= c.DateLessThan.Epoch:
		return false
	case c.DateGreaterThan != nil && now.Unix() <= c.DateGreaterThan.Epoch:
		return false
	}
	return c.IPAddress == nil || contains(c.IPAddress.Source, from)
}

// matches reports whether a URL is of a pattern: * is any letters, ? is one.
func matches(pattern, url string) bool {
	quoted := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(pattern))
	return regexp.MustCompile("^" + quoted + "$").MatchString(url)
}

// contains reports whether an address with its port is the one address, or of the network.
func contains(network, from string) bool {
	host, _, err := net.SplitHostPort(from)
	if err != nil {
		return false
	}
	if !strings.Contains(network, "/") {
		return network == host
	}
	prefix, err := netip.ParsePrefix(network)
	address, bad := netip.ParseAddr(host)
	return err == nil && bad == nil && prefix.Contains(address)
}
