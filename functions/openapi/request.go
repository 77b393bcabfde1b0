package openapi

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/boxvault/boxvault/shared/route"
)

const (
	jsonType  = "application/json"
	bytesType = "application/octet-stream"
	textType  = "text/plain"
	linesType = "application/x-ndjson" // of route.Lines
)

// usual are path parameters that mean the same wherever they stand, for fields without a comment of
// their own.
var usual = map[string]struct {
	description string
	word        string // among the known ones
	example     any
}{
	"organization": {"The organization's name.", "name", "acme"},
	"box":          {"The box's name.", "name", "debian12"},
	"version":      {"The version's number; a leading v is dropped.", "version", "1.0.0"},
	"provider":     {"The provider's name.", "name", "virtualbox"},
	"architecture": {"The architecture's name.", "name", "amd64"},
	"id":           {description: "The id."},
	"upload":       {description: "The upload's id."},
}

// parameters lists what a request type takes from query and headers, and from a path as far as that has
// it.
func (s *schemas) parameters(request reflect.Type, path string) (list []Parameter, err error) {
	for _, f := range reflect.VisibleFields(request) {
		for _, in := range []string{"path", "query", "header"} {
			name, ok := f.Tag.Lookup(in)
			if !ok || in == "path" && !strings.Contains(path, "{"+name) {
				continue
			}
			p, err := s.parameter(in, name, request, f)
			if err != nil {
				return nil, fmt.Errorf("%v.%s: %w", request, f.Name, err)
			}
			list = append(list, p)
		}
	}
	return list, nil
}

func (s *schemas) parameter(in, name string, request reflect.Type, f reflect.StructField) (p Parameter, err error) {
	t := f.Type
	if t.Kind() == reflect.Pointer { // it may be left out; it cannot be null
		t = t.Elem()
	}
	p = Parameter{Name: name, In: in, Required: in == "path"}
	if p.Schema, err = s.of(t); err != nil {
		return p, err
	}
	if err := constrain(p.Schema, f); err != nil {
		return p, err
	}
	p.Description, err = s.comments.ofField(declarer(request, f), f.Name)
	if u, ok := usual[name]; ok && in == "path" && p.Description == "" {
		p.Description, p.Example = u.description, u.example
		if u.word != "" {
			err = errors.Join(err, setKnown(p.Schema, u.word))
			p.Schema.Examples = nil // the parameter has its own
		}
		return s.share(p), err
	}
	return p, err
}

// share makes a component of a parameter, and returns the reference to it. Where another one has the
// name and is not the same, the parameter stays as it is.
func (s *schemas) share(p Parameter) Parameter {
	if s.usual[p.Name] == nil {
		s.usual[p.Name] = &p
	}
	if !reflect.DeepEqual(*s.usual[p.Name], p) {
		return p
	}
	return Parameter{Ref: "#/components/parameters/" + p.Name}
}

// declarer is the struct, embedded or not, that declares a visible field.
func declarer(t reflect.Type, f reflect.StructField) reflect.Type {
	for _, i := range f.Index[:len(f.Index)-1] {
		if t = t.Field(i).Type; t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
	}
	return t
}

// body describes what a request sends; nil where it sends nothing.
func (s *schemas) body(request reflect.Type) (*Body, error) {
	for _, f := range reflect.VisibleFields(request) {
		if f.Type == reflect.TypeFor[route.Stream]() {
			return streamBody(f), nil
		}
	}
	fields := jsonFields(request)
	if len(fields) == 0 {
		return nil, nil
	}
	schema, err := s.bodySchema(request, fields)
	required := slices.ContainsFunc(fields, func(f jsonField) bool { return !f.optional })
	return &Body{Required: required, Content: map[string]Media{jsonType: {schema}}}, err
}

// bodySchema is the one struct that all fields come from, as a component, or an object of its own.
func (s *schemas) bodySchema(request reflect.Type, fields []jsonField) (*Schema, error) {
	from := fields[0].declared
	for _, f := range fields {
		if f.declared != from || from == request {
			return s.object(request)
		}
	}
	return s.of(from)
}

// streamBody is bytes as they are, or a form whose files the field's tag names.
func streamBody(f reflect.StructField) *Body {
	files, ok := f.Tag.Lookup("form")
	if values, ok := f.Tag.Lookup("values"); ok {
		return valuesBody(values)
	}
	if !ok {
		return &Body{Required: true, Content: map[string]Media{bytesType: {&Schema{}}}}
	}
	form := &Schema{Type: "object"}
	for name := range strings.SplitSeq(files, ",") {
		form.Properties = append(form.Properties, Property{name, &Schema{Type: "string", ContentMediaType: bytesType}})
		form.Required = append(form.Required, name)
	}
	return &Body{Required: true, Content: map[string]Media{"multipart/form-data": {form}}}
}

// valuesBody is a urlencoded form of texts, of which none must be there.
func valuesBody(names string) *Body {
	form := &Schema{Type: "object"}
	for name := range strings.SplitSeq(names, ",") {
		form.Properties = append(form.Properties, Property{name, &Schema{Type: "string"}})
	}
	return &Body{Required: true, Content: map[string]Media{"application/x-www-form-urlencoded": {form}}}
}
