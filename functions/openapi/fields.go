package openapi

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	"github.com/boxvault/boxvault/shared/route"
)

// jsonField is a field of a struct as encoding/json sees it.
type jsonField struct {
	name     string
	optional bool // it may be left out
	field    reflect.StructField
	declared reflect.Type // the struct that declares it, which may be an embedded one
	depth    int
}

// jsonFields lists what encoding/json reads and writes of a struct, embedded structs laid flat, in
// the order of declaration. Of two fields with one name the outer one counts.
func jsonFields(t reflect.Type) []jsonField {
	all := flatten(t, 0)
	return slices.DeleteFunc(slices.Clone(all), func(f jsonField) bool {
		return slices.ContainsFunc(all, func(other jsonField) bool { return other.name == f.name && other.depth < f.depth })
	})
}

func flatten(t reflect.Type, depth int) (list []jsonField) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		inner := f.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		switch {
		case f.Anonymous && name == "" && inner.Kind() == reflect.Struct:
			list = append(list, flatten(inner, depth+1)...)
		case name != "-" && f.IsExported() && !elsewhere(f):
			optional := strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero")
			list = append(list, jsonField{cmp.Or(name, f.Name), optional, f, t, depth})
		}
	}
	return list
}

// elsewhere reports whether a field of a request does not come from its JSON body.
func elsewhere(f reflect.StructField) bool {
	for _, tag := range []string{"path", "query", "header"} {
		if _, ok := f.Tag.Lookup(tag); ok {
			return true
		}
	}
	return f.Type == reflect.TypeFor[route.Stream]() || f.Type == reflect.TypeFor[route.Incoming]()
}
