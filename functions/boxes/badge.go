package boxes

import (
	"context"
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/boxvault/boxvault/shared/catalog"
	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// BadgeRequest names a box by the file name of its badge, BOX.svg.
type BadgeRequest struct {
	Organization string `path:"organization" json:"-"`
	File         string `path:"file" json:"-"`
}

// badgeAge is for how many seconds a badge may be shown without another look.
const badgeAge = 300

// ReadBadge draws the badge of a public box with its newest released version. It is the same for
// everybody, so nobody is asked for a token.
func (s *Service) ReadBadge(ctx context.Context, _ registry.Caller, req BadgeRequest) (route.Document, error) {
	name, ok := strings.CutSuffix(req.File, ".svg")
	if !ok {
		return route.Document{}, registry.Missing("badge")
	}
	tree, _, err := s.Gate.Tree(ctx, registry.Caller{}, req.Organization, name)
	if err != nil {
		return route.Document{}, err
	}
	v, err := newest(tree)
	if err != nil {
		return route.Document{}, err
	}
	value, colour := string(v.Number), "#91c54e"
	if v.Deprecated {
		value, colour = "deprecated", "#c0392b"
	}
	return route.Document{ContentType: "image/svg+xml", Body: badge("boxvault", value, colour), MaxAge: badgeAge}, nil
}

// newest is the last released version with a file, in version order.
func newest(tree catalog.Tree) (registry.Version, error) {
	list, err := tree.Versions()
	for _, v := range slices.Backward(list) {
		if v.Status == registry.Active && len(v.Files()) > 0 {
			return v, nil
		}
	}
	if err == nil {
		err = registry.Missing("version")
	}
	return registry.Version{}, err
}

// badge draws a badge as shields.io does, 20 pixels high. No font is known to be there: the text is
// stretched to its place.
func badge(label, value, colour string) []byte {
	const padding, letter = 5, 7 // pixels
	l, v := letter*len(label), letter*len(value)
	left, right := l+2*padding, v+2*padding
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" width="%[1]d" height="20" role="img" aria-label="%[2]s: %[3]s">`+
		`<title>%[2]s: %[3]s</title><clipPath id="r"><rect width="%[1]d" height="20" rx="3"/></clipPath>`+
		`<g clip-path="url(#r)"><rect width="%[4]d" height="20" fill="#555"/><rect x="%[4]d" width="%[5]d" height="20" fill="%[6]s"/></g>`+
		`<g fill="#fff" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11">`+
		`<text x="%[7]d" y="14" textLength="%[8]d">%[2]s</text><text x="%[9]d" y="14" textLength="%[10]d">%[3]s</text></g></svg>`,
		left+right, html.EscapeString(label), html.EscapeString(value), left, right, colour,
		padding, l, left+padding, v)
}
