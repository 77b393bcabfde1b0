package api

import (
	"time"

	"github.com/boxvault/boxvault/shared/registry"
)

// ConfigInput changes settings of the registry while it runs. What is null or left out stays as it is.
type ConfigInput struct {
	// Signup is who may make an account: open (anyone) or invite.
	Signup *string `json:"signup,omitempty" schema:"enum=open|invite"`
	// RequireVerification is whether people prove their e-mail address before they sign in, where
	// letters are sent.
	RequireVerification *bool `json:"requireVerification,omitempty"`
}

// Config are the settings of the registry, less all secrets.
type Config struct {
	// Signup is who may make an account: open (anyone) or invite.
	Signup string `json:"signup"`
	// RequireVerification is null as long as nobody has changed it: it is as the registry was started.
	RequireVerification *bool `json:"requireVerification"`
	// UpdatedAt is null as long as nobody has changed any setting.
	UpdatedAt *time.Time `json:"updatedAt"`
	// Started is what the registry was started with. It changes when it is started anew.
	Started ConfigStarted `json:"started"`
	// Certificate is the one that was uploaded, if any.
	Certificate *Certificate `json:"certificate"`

	Revised
}

// ConfigStarted is what a registry was started with.
type ConfigStarted struct {
	Version string `json:"version"`
	URL     string `json:"url"`    // how clients reach the registry; empty: as each of them does
	Signup  string `json:"signup"` // as long as nobody has changed it
	// Metrics is who may read /metrics: open (anyone) or token.
	Metrics string `json:"metrics"`
	// Origins are those whose pages may use the API, beside the registry's own. On AWS the HTTP API
	// knows them, and the list is empty.
	Origins []string     `json:"origins"`
	Limits  ConfigLimits `json:"limits"`
	Mail    ConfigMail   `json:"mail"`
}

// ConfigLimits are how many requests a minute are let through; null is any number.
type ConfigLimits struct {
	Address   *int `json:"address"`
	Account   *int `json:"account"`
	Sensitive *int `json:"sensitive"`
}

// ConfigMail tells whether the registry sends letters, and who they are from.
type ConfigMail struct {
	Configured bool   `json:"configured"`
	From       string `json:"from"`
}

// CertificateInstalled tells about a certificate that was uploaded.
type CertificateInstalled struct {
	Success bool        `json:"success"`
	Message string      `json:"message"`
	Data    Certificate `json:"data"`
}

// Certificate tells about a certificate, and never its key.
type Certificate struct {
	Subject     string    `json:"subject"`
	DNSNames    []string  `json:"dnsNames"`
	IPAddresses []string  `json:"ipAddresses"`
	NotBefore   time.Time `json:"notBefore"`
	NotAfter    time.Time `json:"notAfter"`
	// Fingerprint is the SHA-256 of the certificate, as `openssl x509 -fingerprint -sha256` writes it.
	Fingerprint string `json:"fingerprint"`
	// ARN is what AWS calls it, where the registry runs there: the domain that clients use refers to it.
	ARN string `json:"arn,omitempty"`
}

// FromCertificate tells about a certificate.
func FromCertificate(c registry.Certificate) Certificate {
	return Certificate{
		Subject: c.Subject, DNSNames: c.DNSNames, IPAddresses: c.Addresses,
		NotBefore: c.NotBefore, NotAfter: c.NotAfter, Fingerprint: c.Fingerprint, ARN: c.ID,
	}
}
