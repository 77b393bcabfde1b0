package boxfile

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

const metadataName = "metadata.json"

// readMetadata completes c from metadata.json. Other keys than these two are the provider's own
// affair and may hold anything (libvirt: format, virtual_size).
//
// Where an archive has several metadata.json the first counts, as the others may not even have
// arrived. Vagrant would take the last; if that names another provider, it refuses the box itself.
func readMetadata(r io.Reader, c Contents) (Contents, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxMetadata+1))
	if err != nil {
		return c, err
	}
	if len(text) > MaxMetadata {
		return c, note("metadata.json is larger than 1 MiB.")
	}
	// A map, because struct fields match keys in any case, which Vagrant does not.
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(text, &keys); err != nil || keys == nil {
		return c, note("metadata.json is not a JSON object.")
	}
	provider, err := stringAt(keys, "provider")
	if err != nil {
		return c, err
	}
	if strings.TrimSpace(provider) == "" {
		return c, note("metadata.json names no provider.")
	}
	c.Kind, c.Provider = Box, provider
	arch, err := stringAt(keys, "architecture")
	if err != nil {
		c.Note = err.Error()
	}
	c.Architecture = strings.ToLower(arch)
	return c, nil
}

// stringAt is the string of a key; empty when the key is missing or null.
func stringAt(keys map[string]json.RawMessage, key string) (string, error) {
	raw, there := keys[key]
	if !there {
		return "", nil
	}
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return "", note(fmt.Sprintf("%q in metadata.json is not a string.", key))
	}
	return s, nil
}
