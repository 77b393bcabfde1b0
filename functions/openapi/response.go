package openapi

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/boxvault/boxvault/shared/route"
)

// success adds the answers with which a row succeeds, to a method.
func (s *schemas) success(row route.Row, method string, responses map[string]Response) error {
	answers, err := answersOf(row)
	if err != nil {
		return err
	}
	for _, a := range answers {
		if _, sketch := a.As.(route.Sketch); sketch != (method == http.MethodHead) {
			continue
		}
		if err := s.answer(row, a, responses); err != nil {
			return err
		}
	}
	return nil
}

// answersOf are the row's own, or what its handler's type says.
func answersOf(row route.Row) ([]route.Answer, error) {
	response := row.Handler.Response
	switch {
	case len(row.Answers) > 0:
		return row.Answers, nil
	case response == reflect.TypeFor[route.Document]():
		return nil, errors.New("it answers with a route.Document: say of which content type in the row's Answers")
	case response.Kind() == reflect.Interface:
		return nil, fmt.Errorf("it answers with %v: say with what in the row's Answers", response)
	}
	answers := []route.Answer{{As: reflect.Zero(response).Interface()}}
	if implements[route.Accepted](response) {
		answers = append(answers, route.Answer{
			Status: http.StatusAccepted, As: answers[0].As, Summary: "It is not done yet, and goes on behind the request.",
		})
	}
	return answers, nil
}

// answer adds one answer. Of several with one status each adds its content type.
func (s *schemas) answer(row route.Row, a route.Answer, responses map[string]Response) error {
	status, media := cmp.Or(a.Status, row.Status, http.StatusOK), Media{}
	r := Response{Headers: map[string]Header{}, Content: map[string]Media{}}
	switch as := a.As.(type) {
	case route.Redirect:
		status = cmp.Or(a.Status, http.StatusFound)
		r.Headers["Location"] = Header{"Where to go on.", &Schema{Type: "string"}}
	case route.Sketch:
		status = cmp.Or(a.Status, http.StatusOK)
		r.Headers["ETag"] = etag
	case route.Document:
		contentType, _, _ := strings.Cut(as.ContentType, ";")
		r.Content[contentType] = media
	default:
		if t := reflect.TypeOf(a.As); lines(t) {
			paged, _ := t.FieldByName("Paged")
			if _, err := s.ofAnswer(paged.Type, r.Headers); err != nil {
				return err
			}
			r.Content[linesType] = Media{&Schema{Type: "string"}}
			break
		}
		schema, err := s.ofAnswer(reflect.TypeOf(a.As), r.Headers)
		if err != nil {
			return err
		}
		r.Content[jsonType] = Media{schema}
	}
	merge(responses, strconv.Itoa(status), r, cmp.Or(a.Summary, http.StatusText(status)+"."))
	if row.Handler.Response == reflect.TypeFor[route.Document]() {
		responses["304"] = unchanged
	}
	return nil
}

var etag = Header{"What If-None-Match may name.", &Schema{Type: "string"}}

// lines reports whether a type is written as JSON lines.
func lines(t reflect.Type) bool {
	return t.PkgPath() == reflect.TypeFor[route.Row]().PkgPath() && strings.HasPrefix(t.Name(), "Lines[")
}

// ofAnswer is the schema of what is written as JSON. A page of a list is an array.
func (s *schemas) ofAnswer(t reflect.Type, headers map[string]Header) (*Schema, error) {
	if t.PkgPath() != reflect.TypeFor[route.Row]().PkgPath() || !strings.HasPrefix(t.Name(), "Paged[") {
		return s.of(t)
	}
	items, _ := t.FieldByName("Items")
	headers["Link"] = Header{"Where the list goes on, with rel=\"next\" (RFC 8288); not there on the last page.", &Schema{Type: "string"}}
	return s.of(items.Type)
}

func merge(responses map[string]Response, status string, r Response, description string) {
	have, ok := responses[status]
	if !ok {
		r.Description = description
		responses[status] = r
		return
	}
	for contentType, media := range r.Content {
		have.Content[contentType] = media
	}
	if !strings.Contains(have.Description, description) {
		have.Description += " " + description
	}
	responses[status] = have
}
