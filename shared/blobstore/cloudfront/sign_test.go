package cloudfront_test

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/cloudfront/sign"
)

// What AWS's SDK signs is answered as well: the test's edge knows the format from elsewhere than from
// this package.
func TestTheEdgeTakesWhatTheSDKSigns(t *testing.T) {
	w := start(t)
	w.object(t)
	signer, url := sign.NewURLSigner(w.key.KeyID, w.key.Key), w.edge.URL+"/files/an-object?response-content-type=text/plain"
	now := w.clock.now()
	canned, err := signer.Sign(url, now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	want(t, 200, "GET", canned)
	custom := func(resource string, from, until time.Duration, address string) string {
		c := sign.Condition{DateLessThan: sign.NewAWSEpochTime(now.Add(until))}
		if from != 0 {
			c.DateGreaterThan = sign.NewAWSEpochTime(now.Add(from))
		}
		if address != "" {
			c.IPAddress = &sign.IPAddress{SourceIP: address}
		}
		signed, err := signer.SignWithPolicy(url, &sign.Policy{Statements: []sign.Statement{{Resource: resource, Condition: c}}})
		if err != nil {
			t.Fatal(err)
		}
		return signed
	}
	anything := w.edge.URL + "/files/*"
	for link, status := range map[string]int{
		custom(url, 0, time.Hour, ""):                     200,
		custom(anything, 0, time.Hour, ""):                200,
		custom(anything, -time.Hour, time.Hour, ""):       200,
		custom(anything, time.Minute, time.Hour, ""):      403,
		custom(anything, 0, -time.Minute, ""):             403,
		custom(anything, 0, time.Hour, "127.0.0.0/8"):     200,
		custom(anything, 0, time.Hour, "127.0.0.1"):       200,
		custom(anything, 0, time.Hour, "192.0.2.0/24"):    403,
		custom(w.edge.URL+"/ui/*", 0, time.Hour, ""):      403,
		custom(anything, 0, time.Hour, "") + "&Expires=1": 403,
	} {
		want(t, status, "GET", link)
	}
}

// The signature is one of the policy that is documented, and in the form that OpenSSL verifies.
func TestOpenSSLVerifiesTheSignature(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not there")
	}
	w := start(t)
	u, err := url.Parse(w.object(t))
	if err != nil {
		t.Fatal(err)
	}
	base, _, _ := strings.Cut(u.String(), "&Expires=")
	q := u.Query()
	policy := `{"Statement":[{"Resource":"` + base + `","Condition":{"DateLessThan":{"AWS:EpochTime":` + q.Get("Expires") + `}}}]}`
	signature, err := base64.StdEncoding.DecodeString(strings.NewReplacer("-", "+", "_", "=", "~", "/").Replace(q.Get("Signature")))
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(&w.key.Key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, raw := range map[string][]byte{
		"key": pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public}), "signature": signature, "policy": []byte(policy),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), openssl, "dgst", "-sha256", "-verify", "key", "-signature", "signature", "policy")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}
