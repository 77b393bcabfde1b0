package description

import (
	"bytes"
	"compress/gzip"
	"context"
	_ "embed"
	"io"
	"strings"

	swagger "github.com/swaggest/swgui/v5/static"

	"github.com/boxvault/boxvault/shared/registry"
	"github.com/boxvault/boxvault/shared/route"
)

//go:embed docs.html
var page []byte

//go:embed docs.js
var start []byte

const (
	scriptType = "text/javascript; charset=utf-8"
	styleType  = "text/css; charset=utf-8"
)

// policy allows no script but those of ReadDocsAsset, and requests to the registry alone.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// ReadDocs answers with the page.
func (s *Service) ReadDocs(context.Context, registry.Caller, route.Nothing) (route.Document, error) {
	return route.Document{ContentType: "text/html; charset=utf-8", Body: page, ETag: etag(page), Policy: policy}, nil
}

// ReadDocsAssetRequest names what the page is made of.
type ReadDocsAssetRequest struct {
	// The file's name: docs.js, swagger-ui-bundle.js or swagger-ui.css.
	Asset string `path:"asset" json:"-"`
	// Where gzip is accepted, it is sent.
	AcceptEncoding string `header:"Accept-Encoding" json:"-"`
}

// ReadDocsAsset answers with what the page is made of: Swagger UI, and what starts it.
func (s *Service) ReadDocsAsset(_ context.Context, _ registry.Caller, req ReadDocsAssetRequest) (route.Document, error) {
	switch req.Asset {
	case "docs.js":
		return route.Document{ContentType: scriptType, Body: start, ETag: etag(start)}, nil
	case "swagger-ui-bundle.js":
		return packed(req, scriptType)
	case "swagger-ui.css":
		return packed(req, styleType)
	default:
		return route.Document{}, registry.Missing("asset")
	}
}

// packed answers with a file of Swagger UI, which is there compressed.
func packed(req ReadDocsAssetRequest, contentType string) (route.Document, error) {
	body, err := swagger.FS.ReadFile(req.Asset + ".gz")
	if err != nil {
		return route.Document{}, err
	}
	d := route.Document{ContentType: contentType, Body: body, ETag: etag(body), Vary: "Accept-Encoding", Encoding: "gzip"}
	if !acceptsGzip(req.AcceptEncoding) {
		d.Encoding = ""
		d.Body, err = unpack(body)
		d.ETag = etag(d.Body)
	}
	return d, err
}

// acceptsGzip reads an Accept-Encoding header (RFC 9110, 12.5.3).
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, weight, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			return strings.Trim(strings.TrimSpace(weight), "q=.0") != "" || strings.TrimSpace(weight) == ""
		}
	}
	return false
}

func unpack(body []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
