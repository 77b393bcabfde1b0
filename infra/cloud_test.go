package infra

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// cloud is what a synthesized app would make: the resources of the stack and its nested stacks,
// with every reference written out. A reference to a resource is "${stack.id}" or
// "${stack.id.Attribute}", whichever stack it is made from.
type cloud struct {
	resources map[string]resource // by "stack.id"
	sizes     map[string]int      // resources by stack
}

type resource struct {
	Type           string
	DeletionPolicy string
	Properties     map[string]any
}

// read reads the templates. Nested stacks are read last: their parameters are in the stack above.
func (s synthesized) read(t *testing.T) cloud {
	t.Helper()
	c := cloud{map[string]resource{}, map[string]int{}}
	passed := map[string]any{}
	c.add(t, filepath.Join(s.dir, s.Stack+".template.json"), passed)
	for _, r := range c.resources {
		if r.Type == "AWS::CloudFormation::Stack" {
			for name, value := range r.Properties["Parameters"].(map[string]any) {
				if before, ok := passed[name]; ok && before != value {
					t.Fatalf("%s is %v in one nested stack and %v in another", name, before, value)
				}
				passed[name] = value
			}
		}
	}
	nested, err := filepath.Glob(filepath.Join(s.dir, "*.nested.template.json"))
	if err != nil || len(nested) != len(s.groups)+1 { // and what is behind
		t.Fatalf("%d groups have %d nested stacks, error %v", len(s.groups), len(nested), err)
	}
	for _, path := range nested {
		c.add(t, path, passed)
	}
	return c
}

func (c cloud) add(t *testing.T, path string, passed map[string]any) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var template struct{ Resources map[string]resource }
	if err := json.Unmarshal(raw, &template); err != nil {
		t.Fatal(err)
	}
	stack, _, _ := strings.Cut(filepath.Base(path), ".")
	c.sizes[stack] = len(template.Resources)
	for id, r := range template.Resources {
		r.Properties = references{stack, passed}.resolve(r.Properties).(map[string]any)
		c.resources[stack+"."+id] = r
	}
}

// references resolves the references that are made in one stack.
type references struct {
	stack  string
	passed map[string]any
}

func (r references) resolve(value any) any {
	switch v := value.(type) {
	case map[string]any:
		if text, ok := r.function(v); ok {
			return text
		}
		out := map[string]any{}
		for name, value := range v {
			out[name] = r.resolve(value)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = r.resolve(v[i])
		}
		return out
	default:
		return value
	}
}

// function writes out the intrinsic functions that the templates use.
func (r references) function(v map[string]any) (any, bool) {
	if len(v) != 1 {
		return nil, false
	}
	if name, ok := v["Ref"].(string); ok {
		return r.ref(name), true
	}
	if args, ok := v["Fn::GetAtt"].([]any); ok {
		return fmt.Sprintf("${%s.%s.%s}", r.stack, args[0], args[1]), true
	}
	if args, ok := v["Fn::Join"].([]any); ok {
		var parts []string
		for _, part := range r.resolve(args[1]).([]any) {
			parts = append(parts, part.(string))
		}
		return strings.Join(parts, args[0].(string)), true
	}
	if name, ok := v["Fn::ImportValue"].(string); ok { // of another stack that is no nested one
		return "${" + name + "}", true
	}
	return v["Fn::Sub"], v["Fn::Sub"] != nil
}

func (r references) ref(name string) any {
	if value, ok := r.passed[name]; ok {
		return value
	}
	if strings.HasPrefix(name, "AWS::") {
		return "${" + name + "}"
	}
	return "${" + r.stack + "." + name + "}"
}

// all returns the resources of a type, read into a T, by "stack.id".
func all[T any](c cloud, kind string) map[string]T {
	found := map[string]T{}
	for id, r := range c.resources {
		if r.Type == kind {
			found[id] = as[T](r.Properties)
		}
	}
	return found
}

// as reads plain values into a T; what it has no field for is left out.
func as[T any](value any) (out T) {
	raw, err := json.Marshal(value)
	if err == nil {
		err = json.Unmarshal(raw, &out)
	}
	if err != nil {
		panic(fmt.Sprintf("%v is no %T: %v", value, out, err))
	}
	return out
}

// only returns the id of the one resource of a type.
func (c cloud) only(kind string) string {
	found := all[any](c, kind)
	for id := range found {
		if len(found) == 1 {
			return id
		}
	}
	panic(fmt.Sprintf("there are %d of %s, not one", len(found), kind))
}
