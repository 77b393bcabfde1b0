package client

import (
	"cmp"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// Unreachable is the error for a registry that could not be talked to.
type Unreachable struct {
	URL string
	Err error // what the network said
}

func (e *Unreachable) Error() string { return fmt.Sprintf("cannot reach %s: %v", e.URL, e.Err) }

// Unwrap returns what the network said.
func (e *Unreachable) Unwrap() error { return e.Err }

// ChecksumError is the error for bytes that are not the ones they should be.
type ChecksumError struct {
	What      string // has the wrong checksum
	Type      string // of the checksums: md5, sha1, sha384, sha512; empty is sha256
	Got, Want string // hex
	Done      string // about it
}

func (e *ChecksumError) Error() string {
	algorithm := strings.Replace(strings.ToUpper(cmp.Or(e.Type, registry.SHA256)), "SHA", "SHA-", 1)
	return fmt.Sprintf("checksum mismatch: %s has %s %s, not %s; %s", e.What, algorithm, e.Got, e.Want, e.Done)
}

// refusal makes the error of an answer that is no success: the registry's own, in JSON; an S3
// store's, in XML; or, from whatever else may stand between, the status.
func refusal(resp *http.Response, body []byte) error {
	var e api.Error
	if json.Unmarshal(body, &e) == nil && e.Code != "" && e.Message != "" {
		return &registry.Error{Kind: kindOf(e.Code, resp.StatusCode), Message: e.Message, Details: e.Details}
	}
	kind := kindOf("", resp.StatusCode)
	if said := foreign(body); said != "" {
		return registry.Errorf(kind, "%s: %s", resp.Request.URL.Host, said)
	}
	if target := resp.Header.Get("Location"); resp.StatusCode/100 == 3 && target != "" {
		return registry.Errorf(kind, "the registry sends elsewhere, to %s: use the URL that it has there", target)
	}
	var s3 struct{ Code, Message string }
	if xml.Unmarshal(body, &s3) == nil && s3.Code != "" {
		return registry.Errorf(kind, "%s (%s)", s3.Message, s3.Code)
	}
	return registry.Errorf(kind, "%s answered %s", resp.Request.URL.Host, resp.Status)
}

// kindOf reads registry.Kinds backwards: by code, or else the first of the status.
func kindOf(code string, status int) registry.Kind {
	for kind, k := range registry.Kinds {
		if k.Code == code {
			return registry.Kind(kind)
		}
	}
	for kind, k := range registry.Kinds {
		if k.Status == status {
			return registry.Kind(kind)
		}
	}
	return registry.Internal
}

// foreign is what a registry of another make says: Vagrant Cloud's has `errors`, which are texts or
// objects with a text, HCP's a `message` (google.rpc.Status), and where tokens are had an
// `error_description` (RFC 6749, 5.2).
func foreign(body []byte) string {
	var said struct {
		Message     string
		Description string `json:"error_description"`
		Errors      []any
	}
	if json.Unmarshal(body, &said) != nil {
		return ""
	}
	texts := []string{}
	for _, e := range said.Errors {
		if object, ok := e.(map[string]any); ok {
			e = object["message"]
		}
		if text, ok := e.(string); ok {
			texts = append(texts, text)
		}
	}
	return cmp.Or(strings.Join(texts, "; "), said.Message, said.Description)
}
