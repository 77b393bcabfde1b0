package openapi

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/shared/grant"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

const top = "../.."

func TestEveryPatternOfEveryRowIsDescribed(t *testing.T) {
	d := description(t, functions.Groups()...)
	ids := map[string]string{}
	for _, row := range functions.Routes() {
		if row.Pattern == "/" {
			continue
		}
		for _, pattern := range row.Patterns() {
			method, path := route.Split(pattern)
			o := d.Paths[strings.Replace(path, "{$}", "", 1)][strings.ToLower(method)]
			if o == nil || !strings.HasPrefix(o.OperationID, row.Name) || o.Summary != row.Summary {
				t.Errorf("%s is described as %+v", pattern, o)
				continue
			}
			if before := ids[o.OperationID]; before != "" {
				t.Errorf("%s and %s have one operationId", pattern, before)
			}
			ids[o.OperationID] = pattern
		}
	}
}

// Of a group its comment is shown, to people who know of no packages.
func TestGroupsAreNotIntroducedAsPackages(t *testing.T) {
	var d struct{ Tags []Tag }
	if err := json.Unmarshal(generate(t, functions.Groups()...), &d); err != nil {
		t.Fatal(err)
	}
	if len(d.Tags) == 0 {
		t.Error("no group is introduced")
	}
	for _, tag := range d.Tags {
		if tag.Description == "" || strings.HasPrefix(tag.Description, "Package ") {
			t.Errorf("%s is introduced as %q: begin its package's comment with \"Package %[1]s is\"", tag.Name, tag.Description)
		}
	}
}

func TestTheSameRowsGiveTheSameBytes(t *testing.T) {
	first := generate(t, functions.Groups()...)
	for range 3 {
		if string(generate(t, functions.Groups()...)) != string(first) {
			t.Fatal("they differ")
		}
	}
}

// Thing is a thing.
type Thing struct {
	Inner
	Name  string            `json:"name" schema:"name"` // its name
	Kind  string            `json:"kind,omitempty" schema:"enum=a|b"`
	Count *int              `json:"count"`
	Next  *Thing            `json:"next,omitempty"`
	Made  time.Time         `json:"made"`
	Role  registry.Role     `json:"role"`
	Words map[string]string `json:"words"`
	Raw   []byte            `json:"raw"`
	Free  any               `json:"free"`
	None  string            `json:"-"`
	State string            `json:"state"`
}

type Inner struct {
	State int  `json:"state"`
	Flag  bool `json:"flag"`
}

type thingRequest struct {
	Organization string `path:"organization" json:"-"`
	Rest         string `path:"rest" json:"-"`
	// How many.
	Limit *int `query:"limit" json:"-" schema:"minimum=1"`
	Deep  bool `header:"X-Deep" json:"-"`
	In    route.Incoming
	Thing
}

type service struct{}

func (service) list(context.Context, registry.Caller, thingRequest) (route.Paged[Thing], error) {
	return route.Paged[Thing]{}, nil
}
func (service) make(context.Context, registry.Caller, thingRequest) (Thing, error) {
	return Thing{}, nil
}

func TestWhatIsLearnedFromTypes(t *testing.T) {
	d := description(t, group(
		route.Row{Pattern: "GET /api/{organization}/{rest...}", Name: "ListThings", Access: route.People, Needs: grant.Sign, Handler: route.To(service.list)},
		route.Row{Pattern: "POST /api/{organization}/{rest...}", Also: []string{"PUT /api/{organization}/{rest...}"}, Name: "MakeThing",
			Needs: grant.WriteItems, Status: 201, Dialect: route.Vagrant, Handler: route.To(service.make)},
	))
	at := d.Paths["/api/{organization}/{rest}"]
	list, created := at["get"], at["post"]
	if at["put"].OperationID != "MakeThing2" {
		t.Errorf("the second pattern is called %s", at["put"].OperationID)
	}
	wantJSON(t, "parameters", list.Parameters, `[{"$ref":"#/components/parameters/organization"},
		{"name":"rest","in":"path","required":true,"schema":{"type":"string"}},
		{"name":"limit","in":"query","schema":{"type":"integer","format":"int64","minimum":1}},
		{"name":"X-Deep","in":"header","schema":{"type":"boolean"}}]`)
	wantJSON(t, "a list", list.Responses["200"].Content, `{"application/json":{"schema":{"type":"array","items":{"$ref":"#/components/schemas/Thing"}}}}`)
	if list.Responses["200"].Headers["Link"] == nil || list.RequestBody != nil {
		t.Errorf("a list: %+v", list)
	}
	wantJSON(t, "errors of a list", statuses(list), `["200","307","400","401","403","404","408","413","429","500","503"]`)
	wantJSON(t, "errors of a write", statuses(created), `["201","400","404","408","409","413","429","500","503","507"]`)
	if got := created.Responses["404"].Ref; got != "#/components/responses/VagrantNotFound" {
		t.Errorf("the other dialect is %s", got)
	}
	wantJSON(t, "Thing", d.Components.Schemas["Thing"], `{"type":"object","properties":{
		"flag":{"type":"boolean"},
		"name":{"type":"string","pattern":"^[A-Za-z0-9](\\.?([_-]\\.?)*[A-Za-z0-9])*$","minLength":1,"maxLength":100,"examples":["some-name"]},
		"kind":{"type":"string","enum":["a","b"]},
		"count":{"type":["integer","null"],"format":"int64"},
		"next":{"anyOf":[{"$ref":"#/components/schemas/Thing"},{"type":"null"}]},
		"made":{"type":"string","format":"date-time"},
		"role":{"type":"string"},
		"words":{"type":"object","additionalProperties":{"type":"string"}},
		"raw":{"type":"string","contentEncoding":"base64"},
		"free":{},
		"state":{"type":"string"}},
		"required":["flag","name","count","made","role","words","raw","free","state"]}`)
}

func (service) file(context.Context, registry.Caller, struct{ Body route.Stream }) (any, error) {
	return nil, nil
}
func (service) form(context.Context, registry.Caller, struct {
	Body route.Stream `form:"cert,key"`
}) (route.Document, error) {
	return route.Document{}, nil
}

func TestWhatTypesDoNotTellIsInTheRow(t *testing.T) {
	d := description(t, group(
		route.Row{Pattern: "GET /file", Also: []string{"PUT /file"}, Name: "File", Handler: route.To(service.file), Answers: []route.Answer{
			{As: route.Redirect{}}, {As: route.Sketch{}}, {Status: 203, As: Inner{}, Summary: "Inside."}, {Status: 503, As: Inner{}, Summary: "Busy."},
		}, Errors: []registry.Kind{registry.Forbidden}},
		route.Row{Pattern: "POST /form", Name: "Form", Handler: route.To(service.form), Answers: []route.Answer{{As: route.Document{ContentType: "text/html; charset=utf-8"}}}},
	))
	wantJSON(t, "GET", statuses(d.Paths["/file"]["get"]), `["203","302","400","403","408","413","429","500","503"]`)
	wantJSON(t, "HEAD", statuses(d.Paths["/file"]["head"]), `["200","400","403","408","413","429","500","503"]`)
	if own := d.Paths["/file"]["get"].Responses["503"]; own.Ref != "" || own.Description != "Busy." {
		t.Errorf("the row's own words for an error are %+v", own)
	}
	wantJSON(t, "a stream", d.Paths["/file"]["put"].RequestBody, `{"required":true,"content":{"application/octet-stream":{"schema":{}}}}`)
	form := d.Paths["/form"]["post"]
	wantJSON(t, "a form", form.RequestBody, `{"required":true,"content":{"multipart/form-data":{"schema":{"type":"object","required":["cert","key"],
		"properties":{"cert":{"type":"string","contentMediaType":"application/octet-stream"},"key":{"type":"string","contentMediaType":"application/octet-stream"}}}}}}`)
	if _, html := form.Responses["200"].Content["text/html"]; !html || form.Responses["304"].Description == "" {
		t.Errorf("a document: %+v", form.Responses)
	}
}

func (service) odd(context.Context, registry.Caller, route.Nothing) (struct{ C chan int }, error) {
	return struct{ C chan int }{}, nil
}

func TestRowsThatCannotBeDescribedAreNamed(t *testing.T) {
	_, err := Make([]core.Group{group(
		route.Row{Pattern: "GET /file", Name: "File", Handler: route.To(service.file)},
		route.Row{Pattern: "POST /form", Name: "Form", Handler: route.To(service.form)},
		route.Row{Pattern: "GET /odd", Name: "Odd", Handler: route.To(service.odd)},
	)}, top)
	if err == nil {
		t.Fatal("all are described")
	}
	for _, words := range []string{"the row File", "interface {}", "the row Form", "route.Document", "Answers", "the row Odd", "chan int"} {
		if !strings.Contains(err.Error(), words) {
			t.Errorf("%q is not said in: %v", words, err)
		}
	}
}

// group is one without a folder: its source is that of an existing one.
func group(rows ...route.Row) core.Group { return core.Group{Name: "operation", Rows: rows} }

func generate(t *testing.T, groups ...core.Group) []byte {
	t.Helper()
	raw, err := Make(groups, top)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// toldOperation is what the tests read of one.
type toldOperation struct {
	OperationID string
	Summary     string
	Parameters  []json.RawMessage
	RequestBody json.RawMessage
	Responses   map[string]struct {
		Ref         string `json:"$ref"`
		Description string
		Headers     map[string]json.RawMessage
		Content     map[string]json.RawMessage
	}
}

type described struct {
	Paths      map[string]map[string]*toldOperation
	Components struct{ Schemas map[string]json.RawMessage }
}

func description(t *testing.T, groups ...core.Group) (d described) {
	t.Helper()
	if err := json.Unmarshal(generate(t, groups...), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func statuses(o *toldOperation) (list []string) {
	for status := range http.StatusNetworkAuthenticationRequired {
		text := string([]byte{byte('0' + status/100), byte('0' + status/10%10), byte('0' + status%10)})
		if _, ok := o.Responses[text]; ok {
			list = append(list, text)
		}
	}
	return list
}

func wantJSON(t *testing.T, what string, got any, want string) {
	t.Helper()
	raw, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	var g, w any
	if json.Unmarshal(raw, &g) != nil || json.Unmarshal([]byte(want), &w) != nil || !reflect.DeepEqual(g, w) {
		t.Errorf("%s: %s\nwant %s", what, raw, want)
	}
}
