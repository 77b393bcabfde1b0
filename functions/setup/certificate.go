package setup

import (
	"context"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/certificate"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// UploadCertificateRequest is a certificate with its chain, and its key, as PEM files of at most
// 64 KiB.
type UploadCertificateRequest struct {
	Body route.Stream `form:"cert,key"`
}

// UploadCertificate has clients shown another certificate, from the next connection on. What is
// refused changes nothing.
func (s *Service) UploadCertificate(ctx context.Context, caller registry.Caller, req UploadCertificateRequest) (api.CertificateInstalled, error) {
	setup, err := s.Catalog.Setup(ctx)
	if err == nil {
		err = s.mayUpload(caller, setup)
	}
	if err != nil {
		return api.CertificateInstalled{}, err
	}
	files, err := req.Body.SmallFiles(certificate.MaxSize, "cert", "key")
	if err != nil {
		return api.CertificateInstalled{}, err
	}
	pair, err := certificate.Parse(files["cert"], files["key"], s.Now())
	if err != nil {
		return api.CertificateInstalled{}, err
	}
	c, err := s.install(ctx, pair, setup.Certificate)
	return api.CertificateInstalled{
		Success: true, Message: "Certificate installed: connections that begin from now on use it.", Data: api.FromCertificate(c),
	}, err
}

func (s *Service) mayUpload(caller registry.Caller, setup catalog.Setup) error {
	switch {
	case setup.Complete && !caller.Known():
		return registry.NotSignedIn()
	case setup.Complete && caller.ServiceAccount != 0:
		return registry.Denied("admin", "service account")
	case setup.Complete && !caller.Admin:
		return registry.Denied("admin", "user")
	case s.Certificates == nil:
		return registry.Errorf(registry.Conflict, "the certificate is given where this registry is started: replace it there (--tls-cert, --tls-key)")
	default:
		return nil
	}
}

// maxTries is how often a certificate is installed again when another one comes in between.
const maxTries = 5

// install has a certificate used, and then writes that down: what was acknowledged is in the audit
// log. Where another one came in between, it is done again, so that what was written last is what is
// used. That happens between processes only; in one of them they wait for each other.
func (s *Service) install(ctx context.Context, pair certificate.Pair, before registry.Certificate) (registry.Certificate, error) {
	s.installing.Lock()
	defer s.installing.Unlock()
	c, err := s.replace(ctx, pair, before)
	for tries := 1; tries < maxTries && registry.Retryable(err); tries++ {
		var setup catalog.Setup
		if setup, err = s.Catalog.Setup(ctx); err == nil {
			c, err = s.replace(ctx, pair, setup.Certificate)
		}
	}
	return c, err
}

func (s *Service) replace(ctx context.Context, pair certificate.Pair, before registry.Certificate) (registry.Certificate, error) {
	id, err := s.Certificates.Install(ctx, pair, before.ID)
	if err != nil {
		return registry.Certificate{}, err
	}
	c := certificate.Describe(pair.TLS)
	c.ID, c.Revision = id, before.Revision
	return c, s.Catalog.SaveCertificate(ctx, c)
}
