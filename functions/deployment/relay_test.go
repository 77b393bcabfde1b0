package deployment_test

import (
	"slices"
	"testing"

	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/functions/deployment"
	"github.com/boxvault/boxvault/shared/grant"
	"github.com/boxvault/boxvault/shared/route"
)

// Every door that takes a file of any size is led to the relay, and so is what gives out URLs of such doors.
func TestTheRelayHasTheUploadsThroughTheRegistry(t *testing.T) {
	r := deployment.RelayOf(functions.Groups())
	want := []string{
		"/api/organization/*/box/*/version/*/provider/*/architecture/*/file",
		"/api/organization/*/box/*/version/*/provider/*/architecture/*/file/upload",
		"/api/upload/*",
		"/api/v1/box/*/*/version/*/provider/*/*/upload", "/api/v1/box/*/*/version/*/provider/*/upload",
		"/api/v2/box/*/*/version/*/provider/*/*/upload", "/api/v2/box/*/*/version/*/provider/*/upload",
		"/vagrant/2022-09-30/registry/*/box/*/version/*/provider/*/architecture/*/upload",
	}
	if !slices.Equal(r.Paths, want) {
		t.Errorf("led to it are %q, want %q", r.Paths, want)
	}
	for _, name := range []string{"UploadForm", "UploadRaw", "PutFile", "CloudBeginUpload", "HCPUploadBox", "NotFound"} {
		if !slices.Contains(r.Rows, name) {
			t.Errorf("it does not answer %s but %q", name, r.Rows)
		}
	}
	if want := core.Writes | grant.ReadBlobs | grant.WriteBlobs; r.Needs != want {
		t.Errorf("it needs to %s, want %s", r.Needs, want)
	}
}

// A body as large as a file that has no row marked would end at the functions, whatever is in front of them.
func TestWhatStreamsAFileIsRelayed(t *testing.T) {
	small := []string{"UploadCertificate", "ExchangeToken"} // a few kilobytes by what they are
	for _, row := range functions.Routes() {
		if row.Handler.Streams() && !row.Relayed && !slices.Contains(small, row.Name) {
			t.Errorf("%s streams its body and is not relayed", row.Name)
		}
	}
}

// A path can mean a row that nobody thought of, with another method or by an odd name.
func TestTheRelayAnswersEveryRowThatItsPathsCanMean(t *testing.T) {
	rows := func(list ...route.Row) []functions.Group { return []functions.Group{{Name: "files", Rows: list}} }
	up := route.Row{Name: "Up", Pattern: "POST /box/{box}/file", Relayed: true}
	for pattern, meant := range map[string]bool{
		"GET /box/{box}/file":           true,
		"GET /box/{box}/{what}":         true,
		"GET /{kind}/{box}/{what}":      true,
		"PUT /box/{box}/part/{part}":    true, // a part that is called file
		"GET /{rest...}":                true,
		"/":                             true,
		"GET /box/{box}":                false, // CloudFront's * takes a slash, but it wants two
		"GET /box/{box}/files":          false,
		"GET /boxes/{box}/file":         false,
		"GET /box/{box}/file/{x}/info":  false,
		"GET /api/box/{box}/file":       false,
		"GET /box/{box}/file/download":  false,
		"DELETE /box/{box}/{what}/file": true,
	} {
		r := deployment.RelayOf(rows(up, route.Row{Name: "Other", Pattern: pattern, Needs: grant.DeleteBlobs}))
		if got := slices.Contains(r.Rows, "Other"); got != meant || r.Needs.Has(grant.DeleteBlobs) != meant {
			t.Errorf("%s is answered: %v", pattern, got)
		}
	}
	if r := deployment.RelayOf(rows(route.Row{Name: "Other", Pattern: "/"})); len(r.Rows)+len(r.Paths)+len(r.Groups) > 0 {
		t.Errorf("without a row that is relayed it is %+v", r)
	}
}
