package main

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"strings"

	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// reference is docs/api.md: every route and every error, for people.
func reference() []byte {
	var out bytes.Buffer
	fmt.Fprint(&out, intro)
	for _, g := range functions.Groups() {
		fmt.Fprintf(&out, "\n## %s\n\n| route | | who | answers | what it takes beside path and body |\n|---|---|---|---|---|\n", g.Name)
		for _, row := range g.Rows {
			fmt.Fprintf(&out, "| %s | %s | %s | %d | %s |\n", patterns(row), row.Summary, row.Access,
				cmp.Or(row.Status, http.StatusOK), parameters(row))
		}
	}
	fmt.Fprint(&out, "\n## Errors\n\n| status | code | |\n|---|---|---|\n")
	for _, k := range registry.Kinds {
		fmt.Fprintf(&out, "| %d | `%s` | %s |\n", k.Status, k.Code, k.Meaning)
	}
	return out.Bytes()
}

const intro = `# The routes

Made from the rows by ` + "`make generate`" + `; do not edit. Bodies are JSON, described field by field in
[shared/api](../shared/api). A token goes into ` + "`x-access-token`" + `, ` + "`Authorization: Bearer`" + `, the password of
` + "`Authorization: Basic`" + `, or ` + "`?access_token=`" + `. "anyone" may come without one, but sees only what is public;
"known" is a person or a service account; "people" is no service account. GET answers HEAD as well.

A resource answers as itself, a list as an array, an operation without a resource as
` + "`{\"success\":true,\"message\":…}`" + `, an error as ` + "`{\"success\":false,\"error\":CODE,\"message\":…,\"details\":{…}}`" + `
(in the group vagrant as ` + "`{\"success\":false,\"errors\":[…]}`" + `, of a badge as plain text, in the group hcp as
` + "`{\"code\":…,\"message\":…,\"details\":[…]}`" + `, of ` + "`/oauth2/token`" + ` as ` + "`{\"error\":…,\"error_description\":…}`" + `).

` + "`GET`" + ` of one organization, box, version, provider or architecture answers an ` + "`ETag`" + `: with ` + "`If-None-Match`" + ` it is
read again only when it changed (304), and with ` + "`If-Match`" + ` it is changed or deleted only if nobody did
meanwhile (412). What answers 201 takes an ` + "`Idempotency-Key`" + `: sent again with it within a day, a
request is not done again but answered as before. ` + "`RateLimit-Limit`" + `, ` + "`-Remaining`" + ` and ` + "`-Reset`" + ` (seconds) tell how many
requests may follow; one too many is answered 429 with ` + "`Retry-After`" + `, and 503 with it
what met a table or bucket that had too much to do: it may be sent again after so many seconds.
`

func patterns(row route.Row) string {
	list := make([]string, 0, 1+len(row.Also))
	for _, p := range row.Addresses() {
		if p == "/" {
			p = "everything else"
		}
		list = append(list, "`"+strings.Replace(p, "{$}", "", 1)+"`")
	}
	return strings.Join(list, "<br>")
}

// parameters are what a handler takes from the query and from headers.
func parameters(row route.Row) string {
	var list []string
	for _, p := range row.Handler.Parameters() {
		switch p.In {
		case "query":
			list = append(list, "`?"+p.Name+"=`")
		case "header":
			list = append(list, "`"+p.Name+"`")
		}
	}
	return strings.Join(list, " ")
}
