package dynamo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/boxvault/boxvault/shared/itemstore"
)

// Get is a GetItem, or a BatchGetItem for several keys.
func (s *Store) Get(ctx context.Context, keys ...itemstore.Key) ([]itemstore.Item, error) {
	if err := itemstore.ValidateGet(keys); err != nil {
		return nil, err
	}
	records, err := s.fetch(ctx, keys)
	if err != nil {
		return nil, failed("read records", err)
	}
	found := make(map[itemstore.Key]itemstore.Item, len(records))
	now := s.Now()
	for _, r := range records {
		item, err := itemOf(r, now)
		if err != nil {
			return nil, fmt.Errorf("read records: %w", err)
		}
		found[item.Key] = item
	}
	items := make([]itemstore.Item, len(keys))
	for i, key := range keys {
		items[i] = found[key]
		items[i].Key = key
	}
	return items, nil
}

// fetch returns the records that there are, in any order.
func (s *Store) fetch(ctx context.Context, keys []itemstore.Key) ([]attributes, error) {
	if len(keys) == 0 {
		return nil, ctx.Err()
	}
	if len(keys) > 1 {
		return s.fetchBatch(ctx, keys)
	}
	out, err := s.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName:      aws.String(s.table),
		Key:            keyOf(keys[0]),
		ConsistentRead: aws.Bool(true),
	})
	if err != nil || out.Item == nil {
		return nil, err
	}
	return []attributes{out.Item}, nil
}

// fetchBatch asks again for what DynamoDB left out, because an answer ends at 16 MB or because it
// was too busy. It backs off only while nothing comes, and gives up after maxThrottled times.
func (s *Store) fetchBatch(ctx context.Context, keys []itemstore.Key) (records []attributes, err error) {
	ask := map[string]types.KeysAndAttributes{s.table: {Keys: different(keys), ConsistentRead: aws.Bool(true)}}
	var wait backoff
	for len(ask) > 0 {
		if wait.pauses == maxThrottled {
			return nil, itemstore.ErrBusy
		}
		out, err := s.client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: ask})
		if err != nil {
			return nil, err
		}
		records = append(records, out.Responses[s.table]...)
		ask = out.UnprocessedKeys
		if len(out.Responses[s.table]) > 0 {
			wait = backoff{}
		} else if len(ask) > 0 {
			if err := wait.pause(ctx); err != nil {
				return nil, err
			}
		}
	}
	return records, nil
}

// different are the keys without repetitions, which a BatchGetItem refuses.
func different(keys []itemstore.Key) []attributes {
	seen := make(map[itemstore.Key]bool, len(keys))
	var list []attributes
	for _, key := range keys {
		if !seen[key] {
			seen[key] = true
			list = append(list, keyOf(key))
		}
	}
	return list
}

// Query is a Query.
func (s *Store) Query(ctx context.Context, q itemstore.Query) (itemstore.Page, error) {
	if err := q.Validate(); err != nil {
		return itemstore.Page{}, err
	}
	input := s.queryInput(q)
	if input == nil {
		return itemstore.Page{}, ctx.Err()
	}
	out, err := s.client.Query(ctx, input)
	if err != nil {
		return itemstore.Page{}, failed("query records", err)
	}
	page, err := pageOf(out, q, s.Now())
	if err != nil {
		return itemstore.Page{}, fmt.Errorf("query records: %w", err)
	}
	return page, nil
}

// pageOf leaves out what has expired, and what is beyond the bounds: the clause of the query may
// hold the place Until, and for dynoxide 1.2.1 "A" begins with "a".
func pageOf(out *dynamodb.QueryOutput, q itemstore.Query, now time.Time) (itemstore.Page, error) {
	page := itemstore.Page{Next: textOf(out.LastEvaluatedKey, SortKey)}
	for _, r := range out.Items {
		item, err := itemOf(r, now)
		if err != nil {
			return itemstore.Page{}, err
		}
		if item.Exists() && strings.HasPrefix(item.Sort, q.Prefix) && (q.Until == "" || item.Sort < q.Until) {
			page.Items = append(page.Items, item)
		}
	}
	return page, nil
}
