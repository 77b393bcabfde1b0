package openapi

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/boxvault/boxvault/shared/registry"
)

// known are the words of a `schema` tag that stand for a rule of the registry. That they say the
// same as the rule is tested.
var known = map[string]Schema{
	// registry.CheckName
	"name": {MinLength: at(1), MaxLength: at(registry.MaxName), Pattern: `^[A-Za-z0-9](\.?([_-]\.?)*[A-Za-z0-9])*$`, Examples: []any{"some-name"}},
	// registry.ParseNumber
	"version": {MinLength: at(1), MaxLength: at(registry.MaxName + 1), Pattern: `^[vV]?[0-9]+(\.[0-9a-zA-Z]+)*(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$`, Examples: []any{"1.0.0"}},
	// registry.CheckEmail
	"email": {Format: "email", MaxLength: at(254), Examples: []any{"ada@example.com"}},
	// registry.CheckPassword
	"password": {Format: "password", MinLength: at(registry.MinPassword), MaxLength: at(registry.MaxPassword)},
}

func at(n int64) *int64 { return &n }

// constrain adds to a schema what the field's tag says: known words, and name=value pairs in the
// words of JSON Schema, with commas between them and | between the values of enum.
func constrain(s *Schema, f reflect.StructField) error {
	tag, ok := f.Tag.Lookup("schema")
	if !ok {
		return nil
	}
	for word := range strings.SplitSeq(tag, ",") {
		name, value, pair := strings.Cut(word, "=")
		var err error
		if pair {
			err = set(s, name, value)
		} else {
			err = setKnown(s, name)
		}
		if err != nil {
			return fmt.Errorf("the tag schema:%q: %w", tag, err)
		}
	}
	return nil
}

func setKnown(s *Schema, word string) error {
	k, ok := known[word]
	if !ok {
		return fmt.Errorf("the word %q is not among those in functions/openapi/tag.go", word)
	}
	s.Format, s.Pattern, s.MinLength, s.MaxLength, s.Examples = k.Format, k.Pattern, k.MinLength, k.MaxLength, k.Examples
	return nil
}

func set(s *Schema, name, value string) error {
	numbers := map[string]**int64{
		"minLength": &s.MinLength, "maxLength": &s.MaxLength, "minimum": &s.Minimum, "maximum": &s.Maximum,
		"minItems": &s.MinItems, "maxItems": &s.MaxItems,
	}
	switch into := numbers[name]; {
	case into != nil:
		n, err := strconv.ParseInt(value, 10, 64)
		*into = &n
		return err
	case name == "enum":
		for v := range strings.SplitSeq(value, "|") {
			s.Enum = append(s.Enum, literal(s, v))
		}
		if _, nullable := s.Type.([]string); nullable {
			s.Enum = append(s.Enum, nil)
		}
	case name == "const":
		s.Const = literal(s, value)
	case name == "format":
		s.Format = value
	default:
		return fmt.Errorf("%q is none of its words: see functions/openapi/tag.go", name)
	}
	return nil
}

// literal reads a value of the schema's own type.
func literal(s *Schema, text string) any {
	if s.Type == "boolean" {
		return text == "true"
	}
	return text
}
