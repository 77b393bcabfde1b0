package dynamo_test

import (
	"crypto/rand"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/itemstore/dynamo"
	"github.com/boxvault/boxvault/shared/itemstore/dynamo/dynamotest"
)

// What a call costs: a transaction is billed twice what a PutItem is.
func TestRequestsOfACall(t *testing.T) {
	store, direct, p := behindProxy(t)
	write(t, direct, itemstore.Put(doc("a", `1`), anyway), itemstore.Put(doc("b", `1`), anyway))
	get := func(keys ...itemstore.Key) func() error {
		return func() error { _, err := store.Get(t.Context(), keys...); return err }
	}
	query := func(q itemstore.Query) func() error {
		return func() error { _, err := store.Query(t.Context(), q); return err }
	}
	do := func(ops ...itemstore.Op) func() error {
		return func() error { return store.Write(t.Context(), ops...) }
	}
	for _, c := range []struct {
		name string
		call func() error
		want string
	}{
		{"get nothing", get(), ""},
		{"get one", get(key("a")), "GetItem"},
		{"get two", get(key("a"), key("b")), "BatchGetItem"},
		{"query", query(itemstore.Query{Partition: "box"}), "Query"},
		{"query nothing", query(itemstore.Query{Partition: "box", Prefix: "b", Until: "a"}), ""},
		{"write nothing", do(), ""},
		{"put", do(itemstore.Put(doc("a", `2`), itemstore.Exists())), "PutItem"},
		{"delete", do(itemstore.Delete(key("a"), anyway)), "DeleteItem"},
		{"delete on condition", do(itemstore.Delete(key("a"), itemstore.Absent())), "TransactWriteItems"},
		{"add", do(itemstore.Add(key("n"), 1)), "TransactWriteItems"},
		{"put and add", do(itemstore.Put(doc("a", `2`), anyway), itemstore.Add(key("n"), 1)), "TransactWriteItems"},
	} {
		p.inject()
		if err := c.call(); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		var actions []string
		for _, r := range p.requests() {
			actions = append(actions, r.action)
		}
		if got := strings.Join(actions, " "); got != c.want {
			t.Errorf("%s: sent %q, want %q", c.name, got, c.want)
		}
	}
}

// An emulator has one copy of each item and cannot show what a read without this would miss.
func TestReadsAreConsistent(t *testing.T) {
	store, _, p := behindProxy(t)
	if _, err := store.Get(t.Context(), key("a")); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Get(t.Context(), key("a"), key("b")); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Query(t.Context(), itemstore.Query{Partition: "box"}); err != nil {
		t.Fatal(err)
	}
	if n := len(p.requests()); n != 3 {
		t.Errorf("%d requests, want 3", n)
	}
	for _, r := range p.requests() {
		if !strings.Contains(r.body, `"ConsistentRead":true`) {
			t.Errorf("%s is not consistent: %s", r.action, r.body)
		}
	}
}

func TestSchema(t *testing.T) {
	client := dynamotest.Client(t)
	for _, stream := range []bool{false, true} {
		name := "test-" + rand.Text()
		table := dynamotest.CreateTable(t, client, dynamo.Schema(name, stream))
		spec := table.StreamSpecification
		if got := spec != nil && aws.ToBool(spec.StreamEnabled) && spec.StreamViewType == types.StreamViewTypeNewAndOldImages; got != stream {
			t.Errorf("streams %v, want %v", got, stream)
		}
		if billing := table.BillingModeSummary; billing == nil || billing.BillingMode != types.BillingModePayPerRequest {
			t.Errorf("billed by %+v", billing)
		}
	}
}

// DynamoDB's time to live wants a number of seconds in an attribute of the item.
func TestTimeToLive(t *testing.T) {
	client := dynamotest.Client(t)
	table := dynamotest.NewTable(t, client)
	item := doc("a", `1`)
	item.Expires = time.Now().Add(time.Hour)
	write(t, dynamo.Open(client, table), itemstore.Put(item, anyway))
	_, err := client.UpdateTimeToLive(t.Context(), &dynamodb.UpdateTimeToLiveInput{
		TableName:               aws.String(table),
		TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: aws.String(dynamo.TimeToLive), Enabled: aws.Bool(true)},
	})
	if err != nil {
		t.Fatal(err)
	}
	out, err := client.Query(t.Context(), &dynamodb.QueryInput{
		TableName:                 aws.String(table),
		KeyConditionExpression:    aws.String(dynamo.PartitionKey + " = :p"),
		FilterExpression:          aws.String(dynamo.TimeToLive + " = :t"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":p": &types.AttributeValueMemberS{Value: "box"}, ":t": seconds(item.Expires)},
	})
	if err != nil || len(out.Items) != 1 {
		t.Errorf("found %v, %v", out, err)
	}
}

func seconds(at time.Time) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(at.Unix(), 10)}
}

// A record that this package did not write is an error, not an absent item.
func TestForeignRecord(t *testing.T) {
	client := dynamotest.Client(t)
	table := dynamotest.NewTable(t, client)
	_, err := client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String(table), Item: map[string]types.AttributeValue{
		dynamo.PartitionKey: &types.AttributeValueMemberS{Value: "box"},
		dynamo.SortKey:      &types.AttributeValueMemberS{Value: "a"},
		"rev":               &types.AttributeValueMemberN{Value: "1.5"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	store := dynamo.Open(client, table)
	if items, err := store.Get(t.Context(), key("a")); err == nil {
		t.Errorf("Get returned %+v", items)
	}
	if page, err := store.Query(t.Context(), itemstore.Query{Partition: "box"}); err == nil {
		t.Errorf("Query returned %+v", page)
	}
}
