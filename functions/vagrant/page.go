package vagrant

import (
	_ "embed"
	"fmt"
	"html"
	"net/http"
	"slices"
	"strings"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/route"
	"github.com/boxvault/boxvault/web"
)

// pageSource has a word in braces for everything that is filled in. html/template would keep the
// linker from dropping what is not used, and make the function's zip half as large again.
//
//go:embed page.html
var pageSource string

var pagePolicy = route.PagePolicy(pageSource)

// page tells a browser about a box, and how to add it.
func page(tree catalog.Tree, base string) (route.Document, error) {
	versions, err := tree.Versions()
	metadata := api.FromVersions(tree.Box, versions, tree.Box.Tag(), base)
	text := metadata.Description
	if text == "" {
		text = metadata.ShortDescription
	}
	filled := strings.NewReplacer(
		"{name}", html.EscapeString(metadata.Name),
		"{description}", html.EscapeString(text),
		"{base}", html.EscapeString(base),
		"{rows}", rowsOf(metadata.Versions),
	).Replace(pageSource)
	return route.Document{
		ContentType: "text/html; charset=utf-8", Body: []byte(filled), Vary: "Accept", Policy: pagePolicy,
	}, err
}

// missing tells a browser that there is no box, or none that it may see.
func missing() route.Document {
	f := web.Missing()
	return route.Document{
		ContentType: f.ContentType, Body: f.Body, Vary: "Accept", Policy: web.Policy, Status: http.StatusNotFound,
	}
}

// rowsOf is a table row for each file, the newest version first.
func rowsOf(versions []api.MetadataVersion) string {
	if len(versions) == 0 {
		return `<tr><td colspan="5">No version is released yet.</td></tr>`
	}
	var out strings.Builder
	for _, v := range slices.Backward(versions) {
		for _, p := range v.Providers {
			fmt.Fprintf(&out, "<tr><td>%s</td><td>%s</td><td>%s</td><td><a href=\"%s\">%s</a></td><td><code>%s</code></td></tr>\n",
				html.EscapeString(v.Version), html.EscapeString(p.Name), html.EscapeString(p.Architecture),
				html.EscapeString(p.URL), p.FileSize, p.Checksum)
		}
	}
	return out.String()
}
