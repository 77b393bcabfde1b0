package infra

import (
	"testing"

	"github.com/aws/jsii-runtime-go"
)

// has checks that the stack has a resource of the type with these properties: an object, which may
// leave some out, or a matcher.
func (s synthesized) has(t *testing.T, kind string, properties any) {
	t.Helper()
	expect(t, func() { s.template.HasResourceProperties(jsii.String(kind), properties) })
}

// keeps is has, of a resource that is not deleted with the stack.
func (s synthesized) keeps(t *testing.T, kind string, properties any) {
	t.Helper()
	expect(t, func() {
		s.template.HasResource(jsii.String(kind), object{
			"DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain", "Properties": properties,
		})
	})
}

// expect makes a failed test of a failed assertion: in Go the CDK's assertions panic.
func expect(t *testing.T, assertion func()) {
	t.Helper()
	defer func() {
		if failed := recover(); failed != nil {
			t.Errorf("%v", failed)
		}
	}()
	assertion()
}
