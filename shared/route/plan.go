package route

import (
	"net/http"
	"reflect"
	"strings"
	"sync"
)

// plan says where the fields of a request type come from; worked out once for each type.
type plan struct {
	fields   []field
	streams  [][]int
	incoming [][]int
	body     bool // some field comes from a JSON body
}

type field struct {
	index  []int
	name   string
	source func(r *http.Request, name string) (string, bool)
}

var sources = []struct {
	tag  string
	read func(r *http.Request, name string) (string, bool)
}{
	{"path", func(r *http.Request, name string) (string, bool) {
		value := r.PathValue(name)
		return value, value != ""
	}},
	{"query", func(r *http.Request, name string) (string, bool) {
		values, ok := r.URL.Query()[name]
		return strings.Join(values, ","), ok
	}},
	{"header", func(r *http.Request, name string) (string, bool) {
		value := r.Header.Get(name)
		return value, value != ""
	}},
}

var plans sync.Map // reflect.Type → plan

func planOf(t reflect.Type) plan {
	if known, ok := plans.Load(t); ok {
		return known.(plan)
	}
	p := makePlan(t)
	plans.Store(t, p)
	return p
}

func makePlan(t reflect.Type) (p plan) {
	for _, f := range reflect.VisibleFields(t) {
		switch {
		case f.Anonymous || !f.IsExported():
		case f.Type == reflect.TypeFor[Stream]():
			p.streams = append(p.streams, f.Index)
		case f.Type == reflect.TypeFor[Incoming]():
			p.incoming = append(p.incoming, f.Index)
		default:
			if tagged, ok := taggedField(f); ok {
				p.fields = append(p.fields, tagged)
			} else if f.Tag.Get("json") != "-" {
				p.body = true
			}
		}
	}
	return p
}

func taggedField(f reflect.StructField) (field, bool) {
	for _, s := range sources {
		if name, ok := f.Tag.Lookup(s.tag); ok {
			return field{index: f.Index, name: name, source: s.read}, true
		}
	}
	return field{}, false
}

// Parameter is a value that a request type takes from the path, the query or a header.
type Parameter struct {
	In   string // "path", "query" or "header"
	Name string
	Type reflect.Type
}

// Parameters lists what the request type takes from outside the body, for what is generated from
// the rows.
func (e Endpoint) Parameters() (list []Parameter) {
	for _, f := range reflect.VisibleFields(e.Request) {
		for _, s := range sources {
			if name, ok := f.Tag.Lookup(s.tag); ok {
				list = append(list, Parameter{In: s.tag, Name: name, Type: f.Type})
			}
		}
	}
	return list
}

// Streams reports whether the handler reads the body itself.
func (e Endpoint) Streams() bool { return len(planOf(e.Request).streams) > 0 }
