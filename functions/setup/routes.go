// Package setup is what somebody uploads who sets a registry up. It is a group of its own, because
// only its binary on AWS has a client of ACM in it.
package setup

import (
	"sync"
	"time"

	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/certificate"
	"github.com/boxvault/boxvault/shared/grant"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// Service holds what the handlers need.
type Service struct {
	Catalog *catalog.Catalog
	// Certificates is nil where none is taken.
	Certificates certificate.Installer
	Now          func() time.Time

	installing sync.Mutex
}

// Group is this folder.
var Group = core.Group{Name: "setup", Rows: rows, New: func(c core.Core) any {
	return &Service{Catalog: c.Catalog, Certificates: c.Certificates, Now: c.Now}
}}

var rows = []route.Row{
	{Pattern: "POST /api/setup/upload-ssl", Name: "UploadCertificate", Summary: "Show another certificate to clients over TLS, as anyone until somebody has signed up, and as platform admin afterwards",
		Access: route.Anyone, Sensitive: true, Needs: core.Writes | grant.ImportCertificates, Handler: route.To((*Service).UploadCertificate),
		Errors: []registry.Kind{registry.Unauthenticated, registry.Forbidden}},
}
