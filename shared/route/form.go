package route

import (
	"io"
	"mime/multipart"
	"net/url"
	"slices"
	"strings"

	"github.com/boxvault/boxvault/shared/registry"
)

// Values returns the texts of a body that is application/x-www-form-urlencoded, of MaxJSON bytes at
// most. Invalid when one stands there twice: of two readers, each could take another one.
func (s Stream) Values() (url.Values, error) {
	if s.Size > MaxJSON {
		return nil, tooLarge(s.Size)
	}
	raw, err := io.ReadAll(io.LimitReader(s.Body, MaxJSON+1))
	if err != nil {
		return nil, brokenBody(err)
	}
	if len(raw) > MaxJSON {
		return nil, tooLarge(int64(len(raw)))
	}
	values, err := url.ParseQuery(string(raw))
	if err != nil {
		return nil, registry.Wrong("body", "must be application/x-www-form-urlencoded")
	}
	var wrong registry.Fields
	for name, list := range values {
		if len(list) > 1 {
			wrong.Add(name, "must be there once")
		}
	}
	return values, wrong.Err()
}

// SmallFiles returns the files of a multipart/form-data body by their fields, each of which must be
// there once, and no other. TooLarge when one has more than max bytes: what follows it is not read.
func (s Stream) SmallFiles(max int64, fields ...string) (map[string][]byte, error) {
	form, err := s.form()
	if err != nil {
		return nil, registry.Wrong("body", "must be multipart/form-data with the fields "+strings.Join(fields, ", "))
	}
	files := map[string][]byte{}
	for {
		part, err := form.NextPart()
		if err == io.EOF { // wrapped, it is not the end that the form was to have
			return files, lacking(files, fields)
		}
		if err != nil {
			return nil, brokenBody(err)
		}
		name := part.FormName()
		if _, twice := files[name]; twice || !slices.Contains(fields, name) {
			return nil, registry.Wrong("body", "must have each of these fields once, and no others: "+strings.Join(fields, ", "))
		}
		if files[name], err = smallFile(part, max); err != nil {
			return nil, err
		}
	}
}

func smallFile(part *multipart.Part, max int64) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(part, max+1))
	if err != nil {
		return nil, brokenBody(err)
	}
	if size := int64(len(raw)); size > max {
		return nil, registry.Errorf(registry.TooLarge, "the file in the field %s is larger than %d bytes", part.FormName(), max).
			With("field", part.FormName()).With("maxSize", max).With("receivedSize", size)
	}
	return raw, nil
}

func lacking(files map[string][]byte, fields []string) error {
	var wrong registry.Fields
	for _, name := range fields {
		if len(files[name]) == 0 {
			wrong.Add(name, "is missing: send a file in this form field")
		}
	}
	return wrong.Err()
}
