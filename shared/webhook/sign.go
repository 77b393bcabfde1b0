package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
)

// The headers of a delivery.
const (
	SignatureHeader = "X-BoxVault-Signature" // what Sign returns
	EventHeader     = "X-BoxVault-Event"     // the type of the event
	DeliveryHeader  = "X-BoxVault-Delivery"  // the same for every attempt of a delivery
)

// Sign returns the signature of a body: sha256= and its HMAC-SHA256 in lower-case hex.
func Sign(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// Verify reports whether the signature is that of the body, for receivers written in Go. It takes
// the same time whatever is wrong.
func Verify(secret string, body []byte, signature string) bool {
	return hmac.Equal([]byte(signature), []byte(Sign(secret, body)))
}
