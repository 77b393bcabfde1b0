package description

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"

	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

// openapi is written by functions/generate, which knows all rows; this package is one of theirs.
//
//go:embed openapi.json
var openapi []byte

const jsonType = "application/json; charset=utf-8"

// ReadDescription answers with the OpenAPI document.
func (s *Service) ReadDescription(context.Context, registry.Caller, route.Nothing) (route.Document, error) {
	return route.Document{ContentType: jsonType, Body: openapi, ETag: etag(openapi)}, nil
}

// etag is the same for the same bytes, whichever function answers.
func etag(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + hex.EncodeToString(sum[:8]) + `"`
}
