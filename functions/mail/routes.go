// Package mail is what platform admins do about the mail that the registry sends. It is a group of
// its own, because only its binary on AWS has a mail client in it.
package mail

import (
	"time"

	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/route"
)

// Service holds what the handlers need.
type Service struct {
	Catalog *catalog.Catalog
	Mail    core.Mail
	URL     string
	Now     func() time.Time
}

// Group is this folder.
var Group = core.Group{Name: "mail", Rows: rows, New: func(c core.Core) any {
	return &Service{Catalog: c.Catalog, Mail: c.Mail, URL: c.URL, Now: c.Now}
}}

var rows = []route.Row{
	{Pattern: "POST /api/mail/test-smtp", Name: "TestMail", Summary: "Send a test letter by a mail server, as platform admin",
		Access: route.People, Sensitive: true, Needs: core.Writes, Handler: route.To((*Service).TestMail)},
}
