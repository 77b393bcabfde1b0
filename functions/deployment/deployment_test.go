package deployment_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/functions/deployment"
	"github.com/boxvault/boxvault/shared/grant"
	"github.com/boxvault/boxvault/shared/route"
)

var boxes = functions.Group{Name: "boxes", Rows: []route.Row{
	{Pattern: "GET /api/box/{name}", Name: "ReadBox", Summary: "Read a box.", Needs: grant.ReadItems, Memory: 256},
	{Pattern: "DELETE /api/box/{name}", Name: "DeleteBox", Summary: "Delete a box.", Needs: grant.WriteItems},
}}

func TestAFunctionForEachRow(t *testing.T) {
	want := []deployment.Function{{
		Name: "ReadBox", Description: "Read a box.", Group: "boxes", Route: "ReadBox",
		Keys: []string{"ANY /api/box/{name}"}, Needs: grant.ReadItems, Memory: 256, Timeout: 29,
	}, {
		Name: "DeleteBox", Description: "Delete a box.", Group: "boxes", Route: "DeleteBox",
		Keys: []string{"DELETE /api/box/{name}"}, Needs: grant.WriteItems, Memory: 128, Timeout: 29,
	}}
	if got := deployment.PerRoute([]functions.Group{boxes}); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestAFunctionForEachGroup(t *testing.T) {
	want := []deployment.Function{{
		Name: "boxes", Description: "All 2 routes of functions/boxes.", Group: "boxes",
		Keys:  []string{"ANY /api/box/{name}", "DELETE /api/box/{name}"},
		Needs: grant.ReadItems | grant.WriteItems, Memory: 256, Timeout: 29,
	}}
	if got := deployment.PerGroup([]functions.Group{boxes}); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestRouteKeys(t *testing.T) {
	for _, c := range []struct {
		row  route.Row
		want []string
	}{
		{route.Row{Pattern: "/"}, []string{"$default"}},
		{route.Row{Pattern: "GET /{$}"}, []string{"ANY /"}},
		{route.Row{Pattern: "GET /ui/{$}"}, []string{"ANY /ui/"}},
		{route.Row{Pattern: "/api/echo"}, []string{"ANY /api/echo"}},
		{route.Row{Pattern: "PUT /file/{rest...}"}, []string{"PUT /file/{rest+}"}},
		{route.Row{Pattern: "GET /api/x/{a}/{b}", Alias: "/x/"}, []string{"ANY /api/x/{a}/{b}", "ANY /x/{a}/{b}"}},
		{route.Row{Pattern: "POST /a/{x}", Also: []string{"GET /b/{x}"}}, []string{"POST /a/{x}", "ANY /b/{x}"}},
	} {
		if got := deployment.Keys(c.row); !slices.Equal(got, c.want) {
			t.Errorf("%q and %q became %q, want %q", c.row.Pattern, c.row.Also, got, c.want)
		}
	}
}

func TestAPathThatMeansSomethingElseToAPIGatewayIsRefused(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("GET /ui/ was given a route key")
		}
	}()
	deployment.Keys(route.Row{Pattern: "GET /ui/"})
}
