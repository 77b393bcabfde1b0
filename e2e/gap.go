package e2e

import (
	"fmt"
	"io"
	"maps"
	"slices"
)

// Gap is something that a target may lack, and that some journeys need.
type Gap string

// The gaps.
const (
	OneAnswer  Gap = "files that come without a redirect"
	PlainRange Gap = "a 416 without Content-Range"
	Loopback   Gap = "webhooks that lead to this machine"
)

// emulated are the gaps of a registry on an emulator; localstack/README.md has them with what covers
// them.
var emulated = map[Gap]string{
	OneAnswer:  "files are in S3, and a function answers with a link to them",
	PlainRange: "MiniStack's S3 says how long the object is when nothing of it is left",
}

// inContainers is why there is no Loopback where the functions do not run here.
const inContainers = "the functions run in containers, whose loopback is another"

// tellGaps says once what the target lacks; the journeys that need it say so as they are skipped.
func (t *Target) tellGaps(w io.Writer) {
	for _, gap := range slices.Sorted(maps.Keys(t.gaps)) {
		fmt.Fprintf(w, "the target lacks %s: %s\n", gap, t.gaps[gap])
	}
}
