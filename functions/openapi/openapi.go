// Package openapi describes the rows as an OpenAPI 3.1 document: what a row takes and answers it
// learns from the handler's types by reflection, what fields mean from their comments, what can go
// wrong from what the row is.
//
// A struct tag says what a type does not: `schema:"name"` that a field is a name, and
// `schema:"minLength=1,maxLength=255,enum=a|b"` what JSON Schema calls so.
package openapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/shared/grant"
	"github.com/boxvault/boxvault/shared/route"
)

// Make describes the groups. The comments are read from the source of the module, whose top is dir.
// The error names every row that cannot be described. The same groups give the same bytes.
func Make(groups []core.Group, dir string) ([]byte, error) {
	d, err := describe(groups, dir)
	if err != nil {
		return nil, err
	}
	raw, err := json.Marshal(d)
	if err != nil {
		return nil, err
	}
	return layOut(raw)
}

func describe(groups []core.Group, dir string) (*Document, error) {
	module := strings.TrimSuffix(reflect.TypeFor[Document]().PkgPath(), "/functions/openapi")
	m := &maker{
		document: newDocument(),
		schemas: &schemas{
			comments: newComments(dir, module), names: map[reflect.Type]string{},
			components: map[string]*Schema{}, usual: map[string]*Parameter{},
		},
	}
	m.document.Components.Schemas, m.document.Components.Parameters = m.schemas.components, m.schemas.usual
	if err := m.schemas.addErrors(m.document.Components.Responses); err != nil {
		return nil, err
	}
	for _, g := range groups {
		if err := m.group(g, module+"/functions/"+g.Name); err != nil {
			return nil, err
		}
	}
	return m.document, nil
}

type maker struct {
	document *Document
	schemas  *schemas
}

func (m *maker) group(g core.Group, pkg string) error {
	about, err := m.schemas.comments.ofPackage(pkg)
	if err != nil {
		return err
	}
	about = strings.TrimPrefix(about, "Package "+g.Name+" is ")
	m.document.Tags = append(m.document.Tags, Tag{g.Name, capital(about)})
	var wrong []string
	for _, row := range g.Rows {
		if row.Pattern == "/" { // whatever no other row takes
			continue
		}
		if err := m.row(g.Name, row); err != nil {
			wrong = append(wrong, fmt.Sprintf("the row %s cannot be described: %v", row.Name, err))
		}
	}
	if len(wrong) > 0 {
		return fmt.Errorf("%s", strings.Join(wrong, "\n"))
	}
	return nil
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// row describes each pattern of a row as an operation. The second one and those after it have their
// number behind the name.
func (m *maker) row(tag string, row route.Row) error {
	for i, pattern := range row.Addresses() {
		method, path := route.Split(pattern)
		id := row.Name
		if i > 0 {
			id += strconv.Itoa(i + 1)
		}
		o, err := m.operation(tag, row, method, path, id)
		if err != nil {
			return err
		}
		at := m.path(path)
		at[strings.ToLower(method)] = o
		if head, err := m.operation(tag, row, http.MethodHead, path, id+"Head"); err != nil {
			return err
		} else if method == http.MethodGet && says(head) {
			at["head"] = head
		}
	}
	return nil
}

// says reports whether HEAD has an answer that GET has not.
func says(head *Operation) bool {
	for status := range head.Responses {
		if status < "300" {
			return true
		}
	}
	return false
}

// path returns the operations of a path of ServeMux.
func (m *maker) path(path string) Path {
	path = strings.Replace(strings.Replace(path, "{$}", "", 1), "...}", "}", 1)
	if m.document.Paths[path] == nil {
		m.document.Paths[path] = Path{}
	}
	return m.document.Paths[path]
}

func (m *maker) operation(tag string, row route.Row, method, path, id string) (o *Operation, err error) {
	o = &Operation{OperationID: id, Summary: row.Summary, Tags: []string{tag}, Responses: map[string]Response{}}
	o.Security, o.Description = security(row)
	if o.Parameters, err = m.schemas.parameters(row.Handler.Request, path); err != nil {
		return nil, err
	}
	if method != http.MethodGet && method != http.MethodHead {
		if o.RequestBody, err = m.schemas.body(row.Handler.Request); err != nil {
			return nil, err
		}
	}
	if err := m.schemas.success(row, method, o.Responses); err != nil {
		return nil, err
	}
	errorResponses(row, o.Responses)
	surround(row, method, o)
	return o, nil
}

// security says which token a row asks for: nil is the document's own, any of them.
func security(row route.Row) (list []Requirement, description string) {
	switch {
	case !row.Needs.Has(grant.Sign):
		return []Requirement{}, ""
	case row.Access == route.Anyone:
		return append([]Requirement{{}}, anyToken()...), "No token is needed; without one only what is public is seen."
	case row.Access == route.People:
		return nil, "For people; a service account is refused."
	default:
		return nil, ""
	}
}
