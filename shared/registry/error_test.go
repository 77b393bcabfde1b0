package registry_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"reflect"
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/registry"
)

// Every constant of the type Kind has its line in Kinds.
func TestEveryKindOfErrorIsDescribed(t *testing.T) {
	if declared := countKinds(t); declared != len(registry.Kinds) {
		t.Fatalf("%d kinds are declared and %d described", declared, len(registry.Kinds))
	}
	codes := map[string]bool{}
	for kind, k := range registry.Kinds {
		if http.StatusText(k.Status) == "" || k.Status < 400 || k.Code == "" || k.Meaning == "" {
			t.Errorf("kind %d is incomplete: %+v", kind, k)
		}
		if codes[k.Code] {
			t.Errorf("two kinds have the code %s", k.Code)
		}
		codes[k.Code] = true
	}
}

// countKinds counts the names in the constant block that begins with Internal.
func countKinds(t *testing.T) int {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "error.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range file.Decls {
		block, ok := d.(*ast.GenDecl)
		if !ok || block.Tok != token.CONST {
			continue
		}
		if first := block.Specs[0].(*ast.ValueSpec); first.Names[0].Name == "Internal" {
			return len(block.Specs)
		}
	}
	t.Fatal("error.go has no constants of type Kind")
	return 0
}

func TestKindOfAnError(t *testing.T) {
	for _, c := range []struct {
		err  error
		want registry.Kind
	}{
		{registry.Missing("box"), registry.NotFound},
		{fmt.Errorf("read the box: %w", registry.Missing("box")), registry.NotFound},
		{errors.Join(errors.New("a"), registry.NotSignedIn()), registry.Unauthenticated},
		{errors.New("disk on fire"), registry.Internal},
		{nil, registry.Internal},
	} {
		if got := registry.KindOf(c.err); got != c.want {
			t.Errorf("%v is of kind %d, want %d", c.err, got, c.want)
		}
	}
}

func TestRetryable(t *testing.T) {
	again := registry.Errorf(registry.Conflict, "try again")
	again.Retry = true
	if !registry.Retryable(fmt.Errorf("save: %w", again)) || registry.Retryable(registry.Missing("box")) || registry.Retryable(nil) {
		t.Error("what may be tried again is not told from what may not")
	}
}

func TestDetailsOfErrors(t *testing.T) {
	at := time.Date(2026, 12, 31, 23, 0, 0, 0, time.FixedZone("", 3600))
	for _, c := range []struct {
		err  *registry.Error
		want map[string]any
	}{
		{registry.ExpiredToken(at), map[string]any{"expiredAt": "2026-12-31T22:00:00Z"}},
		{registry.Denied("owner", "member"), map[string]any{"requiredRole": "owner", "currentRoles": []string{"member"}}},
		{registry.Errorf(registry.TooLarge, "x").With("a", 1).With("b", 2), map[string]any{"a": 1, "b": 2}},
		{registry.Missing("box"), nil},
	} {
		if !reflect.DeepEqual(c.err.Details, c.want) {
			t.Errorf("%v has the details %v, want %v", c.err, c.err.Details, c.want)
		}
	}
}

func TestAllFieldsThatAreWrongAreToldAtOnce(t *testing.T) {
	var wrong registry.Fields
	if wrong.Err() != nil {
		t.Error("nothing is wrong, and yet there is an error")
	}
	wrong.Check("name", nil)
	wrong.Check("name", errors.New("is empty"))
	wrong.Add("name", "is too short")
	wrong.Add("email", "is none")
	var told *registry.Error
	if !errors.As(wrong.Err(), &told) || told.Kind != registry.Invalid {
		t.Fatalf("got %v", wrong.Err())
	}
	if want := map[string]any{"name": "is empty", "email": "is none"}; !reflect.DeepEqual(told.Details, want) {
		t.Errorf("details %v, want %v", told.Details, want)
	}
	if told.Message != "Invalid input parameters: email, name" {
		t.Error(told.Message)
	}
}
