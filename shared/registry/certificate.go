package registry

import "time"

// Certificate tells about the certificate that was uploaded for clients who come over TLS. Its key is
// no part of it.
type Certificate struct {
	// ID is what the place calls it where it is used: on AWS the ARN; empty where there is but one.
	ID      string `json:"id,omitempty"`
	Subject string `json:"subject"`
	// DNSNames and Addresses are the hosts that it is good for.
	DNSNames  []string  `json:"dnsNames"`
	Addresses []string  `json:"ipAddresses"`
	NotBefore time.Time `json:"notBefore"`
	NotAfter  time.Time `json:"notAfter"`
	// Fingerprint is the SHA-256 of the certificate, as `openssl x509 -fingerprint -sha256` writes it.
	Fingerprint string `json:"fingerprint"`

	Revision
}

// Uploaded reports whether there is any.
func (c Certificate) Uploaded() bool { return c.Fingerprint != "" }
