package dynamo

import (
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/boxvault/boxvault/shared/itemstore"
)

// The attributes of an item beside its key and TimeToLive, which is a number of seconds. Those
// that would be zero or empty are left out.
const (
	attrRev   = "rev" // N
	attrDoc   = "doc" // S, the JSON text
	attrCount = "n"   // N
)

// attributes is an item as DynamoDB has it.
type attributes = map[string]types.AttributeValue

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func number(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}

func keyOf(k itemstore.Key) attributes {
	return attributes{PartitionKey: text(k.Partition), SortKey: text(k.Sort)}
}

// record is the whole item with revision rev.
func record(item itemstore.Item, rev int64) attributes {
	r := keyOf(item.Key)
	r[attrRev] = number(rev)
	if len(item.Doc) > 0 {
		r[attrDoc] = text(string(item.Doc))
	}
	if item.Count != 0 {
		r[attrCount] = number(item.Count)
	}
	if e := itemstore.ExpiryOf(item.Expires); e != 0 {
		r[TimeToLive] = number(int64(e))
	}
	return r
}

// itemOf reads a record as of now: of an expired item, which DynamoDB has not deleted yet, only
// the key is left.
func itemOf(r attributes, now time.Time) (itemstore.Item, error) {
	item := itemstore.Item{Key: itemstore.Key{Partition: textOf(r, PartitionKey), Sort: textOf(r, SortKey)}}
	numbers := [3]int64{}
	for i, name := range []string{attrRev, attrCount, TimeToLive} {
		var err error
		if numbers[i], err = numberOf(r, name); err != nil {
			return item, fmt.Errorf("item %s / %s: %w", item.Partition, item.Sort, err)
		}
	}
	expiry := itemstore.Expiry(numbers[2])
	if expiry.Passed(now) {
		return item, nil
	}
	item.Rev, item.Count, item.Expires = numbers[0], numbers[1], expiry.Time()
	if doc := textOf(r, attrDoc); doc != "" {
		item.Doc = []byte(doc)
	}
	return item, nil
}

func textOf(r attributes, name string) string {
	if s, ok := r[name].(*types.AttributeValueMemberS); ok {
		return s.Value
	}
	return ""
}

func numberOf(r attributes, name string) (int64, error) {
	n, ok := r[name].(*types.AttributeValueMemberN)
	if !ok {
		return 0, nil
	}
	value, err := strconv.ParseInt(n.Value, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("attribute %s: %w", name, err)
	}
	return value, nil
}
