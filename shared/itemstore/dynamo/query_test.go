package dynamo

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/boxvault/boxvault/shared/itemstore"
)

// The suite cannot show this: dynoxide takes any start key.
func TestStartKeyLiesWithinTheKeyCondition(t *testing.T) {
	store := Open(nil, "table")
	bounds := []string{"", "A", "a", "a#", "a#1", "a#2", "a0", "b", "é", "\U0010ffff"}
	asked := 0
	for _, prefix := range bounds {
		for _, after := range bounds {
			for _, until := range bounds {
				for _, reverse := range []bool{false, true} {
					q := itemstore.Query{Partition: "box", Prefix: prefix, After: after, Until: until, Reverse: reverse}
					input := store.queryInput(q)
					if input == nil || input.ExclusiveStartKey == nil {
						continue
					}
					asked++
					start := textOf(input.ExclusiveStartKey, SortKey)
					condition, values := aws.ToString(input.KeyConditionExpression), input.ExpressionAttributeValues
					farEnd := textOf(values, ":until")
					if reverse {
						farEnd = textOf(values, ":prefix")
					}
					if start != after || start == farEnd || !meets(t, start, condition, values) {
						t.Errorf("%+v starts at %q, outside of %s", q, start, condition)
					}
				}
			}
		}
	}
	if asked == 0 {
		t.Error("no query had a start key")
	}
}

// meets evaluates a key condition of queryInput for a place.
func meets(t *testing.T, sort, condition string, values attributes) bool {
	t.Helper()
	prefix, until := textOf(values, ":prefix"), textOf(values, ":until")
	switch condition {
	case "pk = :pk":
		return true
	case "pk = :pk AND sk < :until":
		return sort < until
	case "pk = :pk AND begins_with(sk, :prefix)":
		return strings.HasPrefix(sort, prefix)
	case "pk = :pk AND sk BETWEEN :prefix AND :until":
		return prefix <= sort && sort <= until
	}
	t.Fatalf("unknown key condition %q", condition)
	return false
}
