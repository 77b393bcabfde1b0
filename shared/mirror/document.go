package mirror

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"time"

	"github.com/boxvault/boxvault/shared/registry"
)

// document is the metadata of a box, as much of it as Vagrant reads (vagrant-protocol §3.3) and what
// else says something about it.
type document struct {
	Name             string `json:"name"`
	Description      string `json:"description"`
	ShortDescription string `json:"short_description"`
	Versions         []struct {
		Version     string          `json:"version"`
		Status      string          `json:"status"`
		Description string          `json:"description_markdown"`
		Providers   []documentEntry `json:"providers"`
	} `json:"versions"`

	at *url.URL // where it was found
}

// documentEntry is a file in a document.
type documentEntry struct {
	Name         string `json:"name"`
	URL          string `json:"url"`
	Checksum     string `json:"checksum"`
	ChecksumType string `json:"checksum_type"`
	Architecture string `json:"architecture"`
	Default      bool   `json:"default_architecture"`
}

// Limits of metadata.
const (
	maxDocument  = 20 << 20
	documentTime = 10 * time.Second
)

var errNoDocument = errors.New("no metadata")

// document asks for the metadata of a box at one address after the other. NotFound when the upstream
// says that there is none.
func (u upstream) document(ctx context.Context, addresses []string) (d document, err error) {
	ctx, cancel := context.WithTimeout(ctx, documentTime)
	defer cancel()
	for _, address := range addresses {
		if d, err = u.read(ctx, address); err == nil {
			return d, nil
		}
		if err != errNoDocument && registry.KindOf(err) != registry.NotFound {
			break
		}
	}
	switch {
	case err == errNoDocument:
		return d, registry.Errorf(registry.Upstream, "the upstream has no metadata of the box, but something else")
	case ctx.Err() != nil:
		return d, passing("the upstream gave no answer within %s", documentTime)
	}
	return d, err
}

func (u upstream) read(ctx context.Context, address string) (d document, err error) {
	res, err := u.get(ctx, address, "Accept", "application/json")
	if err != nil {
		return d, err
	}
	defer res.Body.Close()
	kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
	switch {
	case res.StatusCode == http.StatusNotFound || res.StatusCode == http.StatusGone:
		return d, registry.Missing("box")
	case res.StatusCode != http.StatusOK:
		return d, refusal(res.StatusCode)
	case kind == "text/html":
		return d, errNoDocument
	}
	raw, err := io.ReadAll(io.LimitReader(res.Body, maxDocument+1))
	switch {
	case err != nil:
		return d, explain(ctx, err)
	case len(raw) > maxDocument:
		return d, registry.Errorf(registry.Upstream, "the metadata is over %d bytes", maxDocument)
	case json.Unmarshal(raw, &d) != nil || d.Name == "":
		return d, errNoDocument
	}
	d.at = res.Request.URL
	return d, nil
}
