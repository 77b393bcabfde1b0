package dynamo_test

import (
	"testing"
	"time"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/itemstore/dynamo"
	"github.com/boxvault/boxvault/shared/itemstore/dynamo/dynamotest"
	"github.com/boxvault/boxvault/shared/itemstore/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, opener(t), storetest.Promises{})
}

func BenchmarkStore(b *testing.B) { storetest.Bench(b, opener(b)) }

// opener makes stores on one server, each in a table of its own.
func opener(t testing.TB) storetest.Open {
	client := dynamotest.Client(t)
	return func(t testing.TB, now func() time.Time) itemstore.Store {
		store := dynamo.Open(client, dynamotest.NewTable(t, client))
		store.Now = now
		return store
	}
}
