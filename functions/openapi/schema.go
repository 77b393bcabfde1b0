package openapi

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"time"

	"github.com/boxvault/boxvault/shared/api"
)

// schemas makes schemas of Go types. Struct types that have a name become components, and so do path
// parameters that mean the same wherever they stand.
type schemas struct {
	comments   *comments
	components map[string]*Schema
	names      map[reflect.Type]string
	usual      map[string]*Parameter
}

const schemaRef = "#/components/schemas/"

// of returns the schema of a type: what encoding/json writes of it, and reads into it.
func (s *schemas) of(t reflect.Type) (*Schema, error) {
	switch {
	case t.Kind() == reflect.Pointer:
		inner, err := s.of(t.Elem())
		return nullable(inner), err
	case t == reflect.TypeFor[time.Time]():
		return &Schema{Type: "string", Format: "date-time"}, nil
	case t == reflect.TypeFor[json.RawMessage]():
		return &Schema{}, nil
	case t == reflect.TypeFor[api.Text]():
		return nullable(&Schema{Type: "string"}), nil
	case implements[encoding.TextMarshaler](t):
		return &Schema{Type: "string"}, nil
	case implements[json.Marshaler](t):
		return nil, fmt.Errorf("%v writes its JSON itself, which nothing can be told from", t)
	}
	return s.ofKind(t)
}

func implements[I any](t reflect.Type) bool { return t.Implements(reflect.TypeFor[I]()) }

func (s *schemas) ofKind(t reflect.Type) (*Schema, error) {
	switch t.Kind() {
	case reflect.String:
		return &Schema{Type: "string"}, nil
	case reflect.Bool:
		return &Schema{Type: "boolean"}, nil
	case reflect.Int, reflect.Int64:
		return &Schema{Type: "integer", Format: "int64"}, nil
	case reflect.Int8, reflect.Int16, reflect.Int32:
		return &Schema{Type: "integer", Format: "int32"}, nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return &Schema{Type: "integer", Minimum: at(0)}, nil
	case reflect.Float32, reflect.Float64:
		return &Schema{Type: "number"}, nil
	case reflect.Interface:
		return &Schema{}, nil
	case reflect.Slice, reflect.Array:
		return s.ofList(t)
	case reflect.Map:
		return s.ofMap(t)
	case reflect.Struct:
		return s.ofStruct(t)
	default:
		return nil, fmt.Errorf("%v has no JSON", t)
	}
}

func (s *schemas) ofList(t reflect.Type) (*Schema, error) {
	if t.Elem().Kind() == reflect.Uint8 {
		return &Schema{Type: "string", ContentEncoding: "base64"}, nil
	}
	items, err := s.of(t.Elem())
	return &Schema{Type: "array", Items: items}, err
}

func (s *schemas) ofMap(t reflect.Type) (*Schema, error) {
	if t.Key().Kind() != reflect.String {
		return nil, fmt.Errorf("the keys of %v are no strings", t)
	}
	values, err := s.of(t.Elem())
	return &Schema{Type: "object", AdditionalProperties: values}, err
}

// ofStruct refers to a component, or describes a struct without a name on the spot.
func (s *schemas) ofStruct(t reflect.Type) (*Schema, error) {
	if t.Name() == "" {
		return s.object(t)
	}
	name, taken := s.names[t]
	if !taken {
		name = s.name(t)
		s.names[t], s.components[name] = name, nil // a type may lead back to itself
		object, err := s.object(t)
		if err != nil {
			return nil, err
		}
		if object.Description, err = s.comments.ofType(t); err != nil {
			return nil, err
		}
		s.components[name] = object
	}
	return &Schema{Ref: schemaRef + name}, nil
}

// name is the type's own, with its package's in front where another type has it.
func (s *schemas) name(t reflect.Type) string {
	name := notInNames.ReplaceAllString(t.Name(), "")
	if _, taken := s.components[name]; taken {
		pkg := t.PkgPath()[strings.LastIndex(t.PkgPath(), "/")+1:]
		name = strings.ToUpper(pkg[:1]) + pkg[1:] + name
	}
	return name
}

// notInNames is what a name of a component does not have: what stands around a type parameter.
var notInNames = regexp.MustCompile(`[^A-Za-z0-9]|[a-z0-9.]+/`)

// object describes a struct field by field.
func (s *schemas) object(t reflect.Type) (*Schema, error) {
	object := &Schema{Type: "object"}
	for _, f := range jsonFields(t) {
		property, err := s.property(f)
		if err != nil {
			return nil, fmt.Errorf("%v.%s: %w", f.declared, f.field.Name, err)
		}
		object.Properties = append(object.Properties, Property{f.name, property})
		if !f.optional {
			object.Required = append(object.Required, f.name)
		}
	}
	return object, nil
}

func (s *schemas) property(f jsonField) (*Schema, error) {
	schema, err := s.of(f.field.Type)
	if err != nil {
		return nil, err
	}
	if err := constrain(schema, f.field); err != nil {
		return nil, err
	}
	schema.Description, err = s.comments.ofField(f.declared, f.field.Name)
	return schema, err
}

// nullable is a schema that takes null as well.
func nullable(s *Schema) *Schema {
	if s == nil {
		return nil
	}
	if one, ok := s.Type.(string); ok {
		s.Type = []string{one, "null"}
		return s
	}
	return &Schema{AnyOf: []*Schema{s, {Type: "null"}}}
}
