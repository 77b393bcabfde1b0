package route

import (
	"io"
	"mime/multipart"
	"net/http"
	"strings"

	"github.com/boxvault/boxvault/shared/registry"
)

// Stream is a request body of any size that the handler reads itself. Where it is a form, the tag
// `form:"a,b"` of the request's field names the files in it, and `values:"a,b"` the texts in one that
// is urlencoded, for what describes the rows.
type Stream struct {
	Body io.Reader
	// Size in bytes; -1 when the client did not say.
	Size int64
	form func() (*multipart.Reader, error)
}

func newStream(r *http.Request) Stream {
	return Stream{Body: r.Body, Size: r.ContentLength, form: r.MultipartReader}
}

// FormFile returns the first file of that name in a multipart/form-data body, as it streams in.
// The size of the file is not known before its end.
func (s Stream) FormFile(field string) (body io.Reader, fileName string, err error) {
	form, err := s.form()
	if err != nil {
		return nil, "", registry.Errorf(registry.Invalid, "the body must be multipart/form-data with the field %s", field)
	}
	for {
		part, err := form.NextPart()
		if err == io.EOF { // wrapped, it is not the end that the form was to have
			return nil, "", registry.Wrong(field, "is missing: send the box file in this form field")
		}
		if err != nil {
			return nil, "", registry.Errorf(registry.BadUpload, "the form broke off")
		}
		if part.FormName() == field {
			return part, part.FileName(), nil
		}
	}
}

// Incoming is what a handler may need of a request beside its fields.
type Incoming struct {
	Method string
	// Path is the path the client asked for.
	Path string
	// Query is the query as it came; it may hold an access token.
	Query string
	// Origin is how the client reaches the registry: scheme and host, without a slash at the end.
	Origin string
	// Accept, IfNoneMatch and Range are the headers of these names.
	Accept      string
	IfNoneMatch string
	Range       string
	// User and Password are those of Authorization: Basic, as they were sent.
	User     string
	Password string
}

func newIncoming(r *http.Request) Incoming {
	user, password, _ := r.BasicAuth()
	return Incoming{
		Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, Origin: origin(r), User: user, Password: password,
		Accept:      r.Header.Get("Accept"),
		IfNoneMatch: r.Header.Get("If-None-Match"),
		Range:       r.Header.Get("Range"),
	}
}

func origin(r *http.Request) string {
	scheme := "http"
	if encrypted(r) {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

// Base is how clients reach the registry: as it was configured, or as this one did. Who came over TLS
// is not led away from it.
func (in Incoming) Base(configured string) string {
	switch rest, plain := strings.CutPrefix(configured, "http://"); {
	case configured == "":
		return in.Origin
	case plain && strings.HasPrefix(in.Origin, "https://"):
		return "https://" + rest
	default:
		return configured
	}
}
