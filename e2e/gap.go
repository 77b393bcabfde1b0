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
	Loopback   Gap = "webhooks and mirrors that lead to this machine"
	Letters    Gap = "letters"
	Lifecycle  Gap = "the bucket's lifecycle"
	Expiry     Gap = "records that expire by themselves"
	Restore    Gap = "a table that can be restored"
)

// emulated are the gaps of a registry on an emulator; localstack/README.md has them with what covers
// them.
var emulated = map[Gap]string{
	OneAnswer:  "files are in S3, and a function answers with a link to them",
	PlainRange: "MiniStack's S3 says how long the object is when nothing of it is left",
	Lifecycle:  dropped,
	Expiry:     dropped,
	Restore:    dropped,
}

const dropped = "MiniStack's CloudFormation leaves it out; infra/store_test.go holds the template to it"

// elsewhere are those of one whose functions do not run on this machine.
var elsewhere = map[Gap]string{
	Loopback: "the functions run in containers, whose loopback is another",
	Letters:  "people would have to prove their addresses, as no parameter of the stack says otherwise",
}

// sendsLetters reports whether registries of journeys that ask for none by themselves send letters.
func (t *Target) sendsLetters() bool { return t.cloud != nil && t.gaps[Letters] == "" }

// tellGaps says once what the target lacks; the journeys that need it say so as they are skipped.
func (t *Target) tellGaps(w io.Writer) {
	for _, gap := range slices.Sorted(maps.Keys(t.gaps)) {
		fmt.Fprintf(w, "the target lacks %s: %s\n", gap, t.gaps[gap])
	}
}
