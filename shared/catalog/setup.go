package catalog

import (
	"context"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// Setup is what the registry knows of itself.
type Setup struct {
	// Complete tells that somebody has signed up.
	Complete    bool
	Config      registry.Config
	Certificate registry.Certificate
}

// Setup reads all of it, in one Get.
func (c *Catalog) Setup(ctx context.Context) (s Setup, err error) {
	items, err := c.Store.Get(ctx, firstAccountKey, configKey, certificateKey)
	if err != nil {
		return s, err
	}
	s.Complete = items[0].Exists()
	if s.Config, _, err = read[registry.Config](items[1]); err != nil {
		return s, err
	}
	s.Certificate, _, err = read[registry.Certificate](items[2])
	return s, err
}

// Config reads the settings that were changed since the registry was started. A handler that reads
// something else anyway puts configKey into that same Get, as Setup does.
func (c *Catalog) Config(ctx context.Context) (registry.Config, error) {
	s, err := c.Setup(ctx)
	return s.Config, err
}

// SaveConfig writes the settings back, the named ones of which are other ones now. Conflict when they
// have changed since they were read.
func (c *Catalog) SaveConfig(ctx context.Context, s registry.Config, names []string) (registry.Config, error) {
	s.UpdatedAt = c.Now()
	e := registry.Event{Type: registry.SettingsChanged, Data: map[string]any{"settings": names}}
	return s, c.write(ctx, events{e}, changed("the settings"), save(configKey, s, s.Rev))
}

// SaveCertificate writes down which certificate clients are shown. Conflict when that has changed
// since it was read.
func (c *Catalog) SaveCertificate(ctx context.Context, s registry.Certificate) error {
	e := registry.Event{Type: registry.CertificateReplaced, Data: map[string]any{
		"subject": s.Subject, "dnsNames": s.DNSNames, "ipAddresses": s.Addresses,
		"notAfter": s.NotAfter, "fingerprint": s.Fingerprint,
	}}
	return c.write(ctx, events{e}, changed("the certificate"), save(certificateKey, s, s.Rev))
}

// save writes a record of which there is one, and which is made when it was not there as it was read.
func save(key itemstore.Key, doc any, rev int64) itemstore.Op {
	if rev == 0 {
		return create(key, doc)
	}
	return replace(key, doc, rev)
}
