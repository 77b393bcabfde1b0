package cloudfront

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// alphabet has base64 in letters that a query takes as they are; the padding becomes "_".
var alphabet = strings.NewReplacer("+", "-", "=", "_", "/", "~")

// sign signs a URL, which has a query, by the canned policy:
// docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-creating-signed-url-canned-policy.html.
//
// The policy itself is not sent: CloudFront makes the same one of the URL, whatever its query, so that
// nothing in there can be changed. AWS's SDK signs the SHA-1 of it; since part of the query is a file name
// that somebody chose, this is the SHA-256.
func (e Edge) sign(url string, expires time.Time) (string, error) {
	seconds := strconv.FormatInt(expires.Unix(), 10)
	policy := `{"Statement":[{"Resource":"` + url + `","Condition":{"DateLessThan":{"AWS:EpochTime":` + seconds + `}}}]}`
	hash := sha256.Sum256([]byte(policy))
	signature, err := ecdsa.SignASN1(rand.Reader, e.Key, hash[:])
	if err != nil {
		return "", fmt.Errorf("sign a link: %w", err)
	}
	return url + "&Expires=" + seconds + "&Signature=" + alphabet.Replace(base64.StdEncoding.EncodeToString(signature)) +
		"&Key-Pair-Id=" + e.KeyID + "&Hash-Algorithm=SHA256", nil
}
