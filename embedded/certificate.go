package embedded

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strings"

	"github.com/boxvault/boxvault/shared/certificate"
	certificates "github.com/boxvault/boxvault/shared/certificate/local"
)

// certificateFile is where an uploaded certificate is in the data folder.
const certificateFile = "certificate.pem"

func listen(o Options) (net.Listener, error) {
	var config *tls.Config
	if o.TLSCert != "" {
		pair, err := tls.LoadX509KeyPair(o.TLSCert, o.TLSKey)
		if err != nil {
			return nil, fmt.Errorf("read the certificate: %w", err)
		}
		config = certificate.Config(pair)
	}
	l, err := net.Listen("tcp", o.Addr)
	if err != nil {
		return nil, fmt.Errorf("%w: choose another address with --addr", err)
	}
	if config != nil {
		l = tls.NewListener(l, config)
	}
	return l, nil
}

// openCertificate reads the certificate that was uploaded, if any. The one of the options has
// precedence: nobody can lock out who starts the registry.
func (r *Registry) openCertificate() (err error) {
	if r.options.TLSCert == "" {
		r.certificate, err = certificates.Open(filepath.Join(r.options.Data, certificateFile))
	}
	return err
}

// installer is where a certificate goes that is uploaded; nil where none is taken.
func (r *Registry) installer() certificate.Installer {
	if r.certificate == nil {
		return nil
	}
	return r.certificate
}

// listeners are what the registry serves: the one listener, whose connections are for one of two
// where some may begin with a TLS handshake.
func (r *Registry) listeners() []net.Listener {
	if r.certificate == nil {
		return []net.Listener{r.listener}
	}
	plain, encrypted := split(r.listener, r.certificate.Config)
	return []net.Listener{plain, encrypted}
}

// greetCertificate tells of a certificate that was uploaded, if there is one.
func greetCertificate(out io.Writer, config *tls.Config) {
	if config == nil {
		return
	}
	c := certificate.Describe(config.Certificates[0])
	hosts := strings.Join(append(c.DNSNames, c.Addresses...), ", ")
	fmt.Fprintf(out, "https is spoken on the same port, by the certificate for %q until %s\n", hosts, c.NotAfter.Format("2006-01-02"))
}
