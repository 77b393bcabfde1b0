package openapi

import (
	"net/http"
	"slices"

	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

var unchanged = Response{Description: "It is still what If-None-Match names.", Headers: map[string]Header{"ETag": etag}}

// surround describes what the Shell does for every row, whatever its handler.
func surround(row route.Row, method string, o *Operation) {
	text := &Schema{Type: "string"}
	header := func(name, description string) {
		o.Parameters = append(o.Parameters, Parameter{Name: name, In: "header", Description: description, Schema: text})
	}
	f, reads := factsOf(row), method == http.MethodGet || method == http.MethodHead
	switch {
	case reads && implements[interface{ Stamp() string }](row.Handler.Response):
		header("If-None-Match", "The ETag of what the client has; 304 when that is still it.")
		o.Responses["304"] = unchanged
	case replaces(method) && f.names:
		header("If-Match", "The ETag of what is to be changed; 412 when it was changed since.")
		addError(row, registry.Outdated, o.Responses)
	case method == http.MethodPost && f.makes():
		header("Idempotency-Key", "A name for this request, such as a UUID: sent again within a day, it is answered as before.")
		addError(row, registry.KeyReused, o.Responses)
	}
	if reads && slices.ContainsFunc(row.Handler.Parameters(), isOrganization) {
		o.Responses["307"] = Response{
			Description: "The organization has another name now.",
			Headers:     map[string]Header{"Location": {"The same by the name it has now.", text}},
		}
	}
}

func isOrganization(p route.Parameter) bool { return p.In == "path" && p.Name == "organization" }
