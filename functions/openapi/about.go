package openapi

// newDocument is the description of no rows.
func newDocument() *Document {
	return &Document{
		OpenAPI: "3.1.1",
		Info: Info{
			Title: "BoxVault", Version: "1", Description: about,
			License: License{"Apache License 2.0", "Apache-2.0"},
		},
		Servers: []Server{{"/"}}, Security: anyToken(), Paths: map[string]Path{},
		Components: Components{Responses: map[string]Response{}, SecuritySchemes: schemes},
	}
}

const about = `A registry for Vagrant boxes.

A resource answers as itself, a list as an array, an operation without a resource as ` + "`{\"success\":true,\"message\":…}`" + `.
An error is ` + "`{\"success\":false,\"error\":CODE,\"message\":…,\"details\":{…}}`" + `, at the paths that Vagrant asks itself
` + "`{\"success\":false,\"errors\":[…]}`" + `. What the caller may not see is not found. A path that is not here is answered 404.

GET answers HEAD as well, which is shown where it says something else. Every answer has an ` + "`X-Request-Id`" + `, which
the log has too. Times are RFC 3339 in UTC, sizes are bytes, ids are whole numbers below 2^53.`

// schemes are the places where a token may be; see auth.Credential.
var schemes = map[string]SecurityScheme{
	"token":  {Type: "apiKey", In: "header", Name: "x-access-token", Description: "The accessToken of a sign-in."},
	"bearer": {Type: "http", Scheme: "bearer", Description: "The accessToken of a sign-in, or the token of a service account as it is."},
	"basic":  {Type: "http", Scheme: "basic", Description: "Any user name, and the token as password."},
	"query":  {Type: "apiKey", In: "query", Name: "access_token", Description: "For Vagrant, which cannot always send a header. URLs are logged by proxies: use a header where you can."},
}

func anyToken() []Requirement {
	return []Requirement{{"token": {}}, {"bearer": {}}, {"basic": {}}, {"query": {}}}
}
