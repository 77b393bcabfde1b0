package openapi

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/grant"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// rules say which rows can end in an error of a kind, by what a row is. What they do not tell, a row
// names in its Errors.
var rules = map[registry.Kind]func(facts) bool{
	registry.Internal:        always,
	registry.RateLimited:     always,
	registry.Busy:            always, // also who asks nothing is known by a token, and requests are counted
	registry.Invalid:         func(f facts) bool { return f.parameters || f.body || f.changes },
	registry.Unauthenticated: facts.known,
	registry.TokenExpired:    facts.known,
	registry.Forbidden: func(f facts) bool {
		return f.row.Access == route.People || f.known() && (f.names || f.changes)
	},
	// An account can be deleted while a request of its own is under way.
	registry.NotFound:      func(f facts) bool { return f.names || f.known() },
	registry.Timeout:       func(f facts) bool { return f.body },
	registry.Conflict:      func(f facts) bool { return f.row.Needs.Has(grant.WriteBlobs) || f.writes() && f.changes },
	registry.TooLarge:      func(f facts) bool { return f.body },
	registry.ChunkTooLarge: func(f facts) bool { return f.stream },
	registry.BadUpload:     func(f facts) bool { return f.row.Needs.Has(grant.WriteBlobs) },
	registry.Full:          facts.writes,
	registry.Renamed:       func(f facts) bool { return f.names },
}

// facts are what rules look at.
type facts struct {
	row        route.Row
	parameters bool // takes something from path, query or header
	names      bool // names a record in its path
	body       bool // takes a body
	stream     bool // of any size
	changes    bool // has a method that is not GET
}

func factsOf(row route.Row) facts {
	f := facts{row: row, stream: row.Handler.Streams(), body: row.Handler.Streams() || len(jsonFields(row.Handler.Request)) > 0}
	for _, p := range row.Handler.Parameters() {
		f.parameters = true
		f.names = f.names || p.In == "path"
	}
	f.changes = slices.ContainsFunc(row.Patterns(), func(pattern string) bool {
		method, _ := route.Split(pattern)
		return method != http.MethodGet
	})
	return f
}

func always(facts) bool { return true }

func (f facts) known() bool  { return f.row.Access != route.Anyone }
func (f facts) writes() bool { return f.row.Needs&(grant.WriteItems|grant.WriteBlobs) != 0 }

// replaces reports whether a method is for something that is there.
func replaces(method string) bool {
	return method == http.MethodPut || method == http.MethodPatch || method == http.MethodDelete
}

// makes reports whether the row looks at an Idempotency-Key.
func (f facts) makes() bool {
	return f.known() && !f.stream && f.row.Status == http.StatusCreated
}

// errorResponses refers to the answers of every status that a row can fail with, beside those that the row
// has its own words for.
func errorResponses(row route.Row, responses map[string]Response) {
	f := factsOf(row)
	for kind := range registry.Kinds {
		kind := registry.Kind(kind)
		if rule := rules[kind]; slices.Contains(row.Errors, kind) || rule != nil && rule(f) {
			addError(row, kind, responses)
		}
	}
}

func addError(row route.Row, kind registry.Kind, responses map[string]Response) {
	status := registry.Kinds[kind].Status
	if own := responses[strconv.Itoa(status)]; own.Description != "" {
		return
	}
	responses[strconv.Itoa(status)] = Response{Ref: "#/components/responses/" + responseName(row.Dialect, status)}
}

func responseName(d route.Dialect, status int) string {
	name := strings.ReplaceAll(http.StatusText(status), " ", "")
	return map[route.Dialect]string{route.Vagrant: "Vagrant", route.Text: "Text", route.HCP: "HCP", route.OAuth: "OAuth"}[d] + name
}

// vagrantError is the body of an error as Vagrant's clients read it. It is written by shared/route.
type vagrantError struct {
	Errors  []string `json:"errors" schema:"minItems=1"`
	Success bool     `json:"success" schema:"const=false"`
}

// hcpError is the body of an error as clients of HashiCorp's cloud read it, and oauthError as clients of
// its sign-in do. Both are written by shared/route.
type hcpError struct {
	Code    int              `json:"code"`
	Message string           `json:"message"`
	Details []map[string]any `json:"details"`
}

type oauthError struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
}

// foreign makes components of the bodies that errors have in the dialects of others.
func (s *schemas) foreign() (refs map[route.Dialect]*Schema, err error) {
	refs = map[route.Dialect]*Schema{}
	for _, d := range []struct {
		dialect     route.Dialect
		name        string
		body        any
		description string
	}{
		{route.Vagrant, "VagrantError", vagrantError{}, "The body of an error as Vagrant's clients read it."},
		{route.HCP, "HCPError", hcpError{}, "The body of an error as clients of HashiCorp's cloud read it: google.rpc.Status."},
		{route.OAuth, "OAuthError", oauthError{}, "The body of an error as clients of OAuth 2 read it: RFC 6749, 5.2."},
	} {
		schema, err := s.object(reflect.TypeOf(d.body))
		if err != nil {
			return nil, err
		}
		schema.Description = d.description
		s.components[d.name], refs[d.dialect] = schema, &Schema{Ref: schemaRef + d.name}
	}
	return refs, nil
}

// addErrors makes a component of each status that errors have, in every dialect.
func (s *schemas) addErrors(responses map[string]Response) error {
	boxvault, err := s.of(reflect.TypeFor[api.Error]())
	if err != nil {
		return err
	}
	foreign, err := s.foreign()
	if err != nil {
		return err
	}
	for _, k := range registry.Kinds {
		meaning, codes := meaningOf(k.Status)
		coded := &Schema{AllOf: []*Schema{boxvault, {Properties: Properties{{"error", &Schema{Enum: codes}}}}}}
		contents := map[route.Dialect]map[string]Media{
			route.BoxVault: {jsonType: {coded}}, route.Text: {textType: {&Schema{Type: "string"}}},
		}
		for dialect, ref := range foreign {
			contents[dialect] = map[string]Media{jsonType: {ref}}
		}
		for dialect, content := range contents {
			responses[responseName(dialect, k.Status)] = Response{Description: meaning, Headers: errorHeaders(k.Status), Content: content}
		}
	}
	return nil
}

// meaningOf tells what a status means, of which several kinds may have one.
func meaningOf(status int) (meaning string, codes []any) {
	var lines []string
	for _, k := range registry.Kinds {
		if k.Status == status {
			lines, codes = append(lines, fmt.Sprintf("`%s`: %s.", k.Code, k.Meaning)), append(codes, k.Code)
		}
	}
	return strings.Join(lines, "\n\n"), codes
}

func errorHeaders(status int) map[string]Header {
	text := &Schema{Type: "string"}
	switch status {
	case http.StatusUnauthorized:
		return map[string]Header{"WWW-Authenticate": {Description: "`Bearer`, as all tokens can be sent.", Schema: text}}
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return map[string]Header{"Retry-After": {Description: "When to come back, in seconds.", Schema: text}}
	default:
		return nil
	}
}
