package vagrant

import (
	"bytes"
	_ "embed"
	"html/template"
	"slices"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/route"
)

//go:embed page.html
var pageSource string

var pageTemplate = template.Must(template.New("page").Parse(pageSource))

// page tells a browser about a box, and how to add it.
func page(tree catalog.Tree, base string) (route.Document, error) {
	metadata, err := render(tree, tree.Box.Tag(), base)
	if err != nil {
		return route.Document{}, err
	}
	slices.Reverse(metadata.Versions)
	var out bytes.Buffer
	err = pageTemplate.Execute(&out, struct {
		Metadata api.Metadata
		Base     string
	}{metadata, base})
	return route.Document{ContentType: "text/html; charset=utf-8", Body: out.Bytes(), Vary: "Accept"}, err
}
