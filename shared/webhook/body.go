// Package webhook tells other systems of events: what is sent, how it is signed, where it may go,
// and how it is sent.
package webhook

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/boxvault/boxvault/shared/api"
	"github.com/boxvault/boxvault/shared/registry"
)

// MaxBody is the most bytes a body has. The published receiver reads at most 100 KiB, as Express
// does by default.
const MaxBody = 64 << 10

// Body returns the bytes that are sent and signed: an api.WebhookEvent as JavaScript would have
// written it. Receivers written for Node hold the signature against the body parsed and written
// once more, which must give the very same bytes.
func Body(e registry.Event) ([]byte, error) {
	told := api.FromEvent(e)
	body, err := encode(told)
	if err != nil || len(body) <= MaxBody {
		return body, err
	}
	if told.Data, told.Omitted, err = fit(told.Data); err != nil {
		return nil, err
	}
	return encode(told)
}

func encode(told api.WebhookEvent) ([]byte, error) {
	raw, err := json.Marshal(told)
	if err != nil {
		return nil, fmt.Errorf("event %d: %w", told.ID, err)
	}
	return stringify(raw)
}

// fit keeps the members of data that have room together, the small ones first, and names the rest.
func fit(data map[string]any) (kept map[string]any, omitted []string, err error) {
	size := map[string]int{}
	for name, value := range data {
		raw, err := json.Marshal(value)
		if err != nil {
			return nil, nil, err
		}
		size[name] = len(name) + len(raw)
	}
	names := slices.SortedFunc(maps.Keys(data), func(a, b string) int {
		return cmp.Or(cmp.Compare(size[a], size[b]), cmp.Compare(a, b))
	})
	kept = map[string]any{}
	for room := MaxBody * 3 / 4; len(names) > 0 && size[names[0]] <= room; names = names[1:] {
		room -= size[names[0]]
		kept[names[0]] = data[names[0]]
	}
	slices.Sort(names)
	return kept, names, nil
}
