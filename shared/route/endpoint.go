package route

import (
	"context"
	"fmt"
	"net/http"
	"reflect"

	"github.com/boxvault/boxvault/shared/registry"
)

// Endpoint is a handler that is not yet bound to a service. The zero value is of no use.
type Endpoint struct {
	// Request and Response are the handler's types, for what is generated from the rows.
	Request  reflect.Type
	Response reflect.Type
	service  reflect.Type
	bind     func(service any) handler
}

// handler decodes a request and runs the method on it.
type handler func(*http.Request, registry.Caller) (response any, err error)

// To makes an Endpoint of a method expression, such as (*Service).ReadBox. The method gets who
// calls and the decoded request (see decode for where each field comes from); it never sees the
// ResponseWriter. What it returns is written as JSON unless it is a Redirect or a Document.
func To[S, Req, Resp any](method func(S, context.Context, registry.Caller, Req) (Resp, error)) Endpoint {
	return Endpoint{
		Request:  reflect.TypeFor[Req](),
		Response: reflect.TypeFor[Resp](),
		service:  reflect.TypeFor[S](),
		bind: func(service any) handler {
			s := service.(S)
			return func(r *http.Request, caller registry.Caller) (any, error) {
				var req Req
				if err := decode(r, &req); err != nil {
					return nil, err
				}
				return method(s, r.Context(), caller, req)
			}
		},
	}
}

// Serves reports whether the endpoint's method belongs to the service's type.
func (e Endpoint) Serves(service any) bool { return reflect.TypeOf(service) == e.service }

func (e Endpoint) bound(row Row, service any) handler {
	if !e.Serves(service) {
		panic(fmt.Sprintf("row %s wants a %v, not a %T", row.Name, e.service, service))
	}
	return e.bind(service)
}

// Nothing is a request that says all by its path.
type Nothing struct{}
