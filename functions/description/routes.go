// Package description is what the API says about itself: an OpenAPI document, and a page to read it
// and to try it out.
package description

import (
	"github.com/boxvault/boxvault/functions/core"
	"github.com/boxvault/boxvault/shared/route"
)

// Service has no state: what it serves is part of the program.
type Service struct{}

// Group is this folder.
var Group = core.Group{Name: "description", Rows: rows, New: func(core.Core) any { return &Service{} }}

var rows = []route.Row{
	{Pattern: "GET /api/openapi.json", Also: []string{"GET /openapi.json"}, Name: "ReadDescription", Summary: "This description, as an OpenAPI 3.1 document",
		Access: route.Anyone, Handler: route.To((*Service).ReadDescription), Answers: document(jsonType)},
	{Pattern: "GET /api-docs", Name: "ReadDocs", Summary: "A page that shows this description and tries it out",
		Access: route.Anyone, Handler: route.To((*Service).ReadDocs), Answers: document("text/html")},
	{Pattern: "GET /api-docs/{asset}", Name: "ReadDocsAsset", Summary: "A script or style sheet of that page",
		Access: route.Anyone, Handler: route.To((*Service).ReadDocsAsset), Answers: document(scriptType, styleType)},
}

func document(types ...string) (answers []route.Answer) {
	for _, t := range types {
		answers = append(answers, route.Answer{As: route.Document{ContentType: t}})
	}
	return answers
}
