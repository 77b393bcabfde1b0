package route

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/boxvault/boxvault/shared/registry"
)

// MaxJSON is the most bytes a JSON body may have.
const MaxJSON = 1 << 20

// decode fills a request struct. A field tagged `path:"x"`, `query:"x"` or `header:"X"` comes from
// there (string, bool, int types, or a pointer to one that stays nil when absent); a field of type
// Stream takes the body as it is; a field of type Incoming the parts of the request that belong to
// no field; all other fields come from the JSON body by their json tags. A field that JSON must
// not set has `json:"-"`.
func decode(r *http.Request, into any) error {
	v := reflect.ValueOf(into).Elem()
	plan := planOf(v.Type())
	if plan.body {
		if err := decodeJSON(r, into); err != nil {
			return err
		}
	}
	var wrong registry.Fields
	for _, f := range plan.fields {
		if text, ok := f.source(r, f.name); ok {
			wrong.Check(f.name, setText(v.FieldByIndex(f.index), text))
		}
	}
	for _, index := range plan.streams {
		v.FieldByIndex(index).Set(reflect.ValueOf(newStream(r)))
	}
	for _, index := range plan.incoming {
		v.FieldByIndex(index).Set(reflect.ValueOf(newIncoming(r)))
	}
	return wrong.Err()
}

// decodeJSON reads a JSON object; no body at all leaves everything unset, and so does a null.
func decodeJSON(r *http.Request, into any) error {
	raw, err := readJSON(r)
	if err != nil {
		return err
	}
	if len(strings.TrimSpace(string(raw))) == 0 {
		return nil
	}
	return jsonError(json.Unmarshal(raw, into), reflect.TypeOf(into).Elem())
}

// readJSON reads a body of MaxJSON at most. One that says that it is larger is not read at all: a
// client that asks first (Expect: 100-continue) does not send it then.
func readJSON(r *http.Request) ([]byte, error) {
	if r.ContentLength > MaxJSON {
		return nil, tooLarge(r.ContentLength)
	}
	raw, err := io.ReadAll(io.LimitReader(r.Body, MaxJSON+1))
	if err != nil {
		return nil, brokenBody(err)
	}
	if len(raw) > MaxJSON {
		return nil, tooLarge(int64(len(raw)))
	}
	return raw, nil
}

func brokenBody(err error) error {
	var told *registry.Error
	if errors.As(err, &told) {
		return told
	}
	return registry.Wrong("body", "broke off before its end")
}

func tooLarge(size int64) error {
	return registry.Errorf(registry.TooLarge, "the request body is larger than 1 MiB").
		With("maxSize", MaxJSON).With("receivedSize", size)
}

func jsonError(err error, request reflect.Type) error {
	var wrongType *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &wrongType):
		return registry.Wrong(cmp.Or(jsonField(request, wrongType.Field), "body"), fmt.Sprintf("must be %s, not %s", jsonName(wrongType.Type), wrongType.Value))
	default:
		return registry.Wrong("body", "must be a JSON object: "+err.Error())
	}
}

// jsonField takes out of a path the embedded structs, which are no business of the client's.
func jsonField(t reflect.Type, path string) string {
	for {
		first, rest, more := strings.Cut(path, ".")
		f, found := t.FieldByName(first)
		if !more || !found || !f.Anonymous {
			return path
		}
		t, path = f.Type, rest
	}
}

func jsonName(t reflect.Type) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "an array"
	case reflect.Struct, reflect.Map:
		return "an object"
	default:
		return "a whole number"
	}
}

// setText parses the text of a path, query or header value into a field.
func setText(v reflect.Value, text string) error {
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return errors.New("must be true or false")
		}
		v.SetBool(b)
	default:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || v.OverflowInt(n) {
			return errors.New("must be a whole number")
		}
		v.SetInt(n)
	}
	return nil
}
