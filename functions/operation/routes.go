// Package operation is what an operator, a monitor and a lost visitor ask.
package operation

import (
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/auth"
	"github.com/boxvault/boxvault/shared/blobstore"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/grant"
	"github.com/boxvault/boxvault/shared/metrics"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
	"github.com/boxvault/boxvault/web"
)

// Service holds what the handlers need.
type Service struct {
	Catalog *catalog.Catalog
	Gate    auth.Gate
	Blobs   blobstore.Store
	Log     *slog.Logger
	Now     func() time.Time
	// Version is the registry's own version, and Started when this process began.
	Version string
	Started time.Time
	// URL is how clients reach the registry; empty: as the request did.
	URL    string
	Signup auth.Signup
	// Metrics, ProcessMetrics and Disk are those of core.Options.
	Metrics        metrics.Access
	ProcessMetrics func(io.Writer) error
	Disk           func() (api.Volume, error)
	// Patience is how long a dependency may take to answer.
	Patience time.Duration
}

// patience is less than monitors wait for an answer.
const patience = 5 * time.Second

// Group is this folder.
var Group = core.Group{Name: "operation", Rows: rows, New: func(c core.Core) any {
	return &Service{
		Catalog: c.Catalog, Gate: c.Gate, Blobs: c.Blobs, Log: c.Log, Now: c.Now,
		Version: c.Version, Started: c.Now(), URL: c.URL, Signup: c.Signup,
		Metrics: c.Metrics, ProcessMetrics: c.ProcessMetrics, Disk: c.Disk, Patience: patience,
	}
}}

var rows = []route.Row{
	{Pattern: "GET /health", Also: []string{"GET /api/health"}, Name: "Health", Summary: "Tell that the registry is up and reads its records",
		Access: route.Anyone, Needs: grant.ReadItems, Handler: route.To((*Service).Health)},
	{Pattern: "GET /api/status", Name: "ReadStatus", Summary: "Tell how the registry and what it depends on are; 503 when something is broken",
		Access: route.Anyone, Steady: true, Needs: core.Reads | grant.ReadBlobs, Handler: route.To((*Service).ReadStatus),
		Answers: []route.Answer{{As: api.Status{}}, {Status: http.StatusServiceUnavailable, As: api.Status{}, Summary: "Something that it depends on is broken."}}},
	{Pattern: "GET /metrics", Name: "ReadMetrics", Summary: "Metrics for Prometheus; may need the token of a platform admin",
		Access: route.Anyone, Needs: core.Reads, Handler: route.To((*Service).ReadMetrics),
		Answers: []route.Answer{{As: route.Document{ContentType: metrics.ContentType}}}, Errors: []registry.Kind{registry.Unauthenticated, registry.TokenExpired, registry.Forbidden}},
	{Pattern: "GET /api/setup/status", Name: "ReadSetupStatus", Summary: "Tell whether anybody has signed up yet",
		Access: route.Anyone, Needs: grant.ReadItems, Handler: route.To((*Service).ReadSetupStatus)},
	{Pattern: "GET /api/system/storage", Name: "ReadStorage", Summary: "Tell a platform admin what room there is and what files take",
		Access: route.People, Needs: core.Reads, Handler: route.To((*Service).ReadStorage)},
	{Pattern: "GET /{$}", Name: "Welcome", Summary: "Lead who comes with a browser to the first page",
		Access: route.Anyone, Handler: route.To((*Service).Welcome), Answers: []route.Answer{{As: route.Redirect{}}}},
	// To some gateways /ui and /ui/ are the same: a redirect from the one to the other would go round in circles.
	{Pattern: "GET /ui/{page}", Also: []string{"GET /ui", "GET /ui/{$}"}, Name: "ReadPage", Summary: "A page for people, or what it is made of",
		Access: route.Anyone, Handler: route.To((*Service).ReadPage), Answers: documents(web.Types()...)},
	{Pattern: "GET /ui/organizations/{organization}", Name: "ReadOrganizationPage", Summary: "The page of an organization, which letters lead to",
		Access: route.Anyone, Handler: route.To((*Service).ReadOrganizationPage), Answers: documents("text/html; charset=utf-8")},
	{Pattern: "GET /register", Name: "Register", Summary: "A page for who comes by the link of an invitation",
		Access: route.Anyone, Needs: grant.ReadItems, Handler: route.To((*Service).Register),
		Answers: documents("text/html")},
	// One segment below /api would else be taken for `organization/box`.
	{Pattern: "/", Also: []string{"GET /api/{path}"}, Name: "NotFound", Summary: "What no other route takes",
		Access: route.Anyone, Handler: route.To((*Service).NotFound)},
}

func documents(types ...string) (answers []route.Answer) {
	for _, contentType := range types {
		answers = append(answers, route.Answer{As: route.Document{ContentType: contentType}})
	}
	return answers
}
