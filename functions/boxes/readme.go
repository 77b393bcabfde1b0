package boxes

import (
	"context"
	"strconv"

	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// ReadReadme answers with the readme of a box as it was written: Markdown, which is nowhere made HTML of.
func (s *Service) ReadReadme(ctx context.Context, caller registry.Caller, req BoxRequest) (route.Document, error) {
	a, err := s.Gate.ReadBox(ctx, caller, req.Organization, req.Box, "")
	if err != nil {
		return route.Document{}, err
	}
	if a.Box.Readme == "" {
		return route.Document{}, registry.Missing("readme")
	}
	return route.Document{
		ContentType: "text/markdown; charset=utf-8", Body: []byte(a.Box.Readme),
		ETag: `"` + strconv.FormatInt(a.Box.Rev, 36) + `"`,
	}, nil
}
