package catalog

import (
	"context"
	"math/rand/v2"
	"strings"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// total names one of the registry's Totals. Most are moved when the event that changes them is struck
// off the janitor's list, which happens once.
type total string

const (
	totalAccounts         total = "accounts"
	totalOrganizations    total = "organizations"
	totalBoxes            total = "boxes"
	totalUploads          total = "uploads"
	totalUploadedBytes    total = "uploaded-bytes"
	totalRemovedBytes     total = "removed-bytes"
	totalDownloads        total = "downloads"
	totalDelivered        total = "delivered"
	totalDeliveriesFailed total = "deliveries-failed"
	totalDeliveriesParked total = "deliveries-parked"
)

// totalShards is how many counters a total is spread over: two writes clash in DynamoDB when they
// move the same one at the same time.
const totalShards = 16

// count moves a total by n. In one write, a total is moved once.
func count(t total, n int64) itemstore.Op {
	return itemstore.Add(totalKey(t, rand.IntN(totalShards)), n)
}

// counts are the totals that are moved when a piece of work is done.
func (d Due) counts() map[total]int64 {
	counts := map[total]int64{}
	if d.Bytes > 0 {
		counts[totalRemovedBytes] = d.Bytes
	}
	if d.Event == nil {
		return counts
	}
	switch d.Event.Type {
	case registry.UserCreated:
		counts[totalAccounts] = 1
	case registry.UserDeleted:
		counts[totalAccounts] = -1
	case registry.OrganizationCreated:
		counts[totalOrganizations] = 1
	case registry.OrganizationDeleted:
		counts[totalOrganizations] = -1
	case registry.BoxCreated:
		counts[totalBoxes] = 1
	case registry.BoxDeleted:
		counts[totalBoxes] = -1
	case registry.BoxUploaded:
		counts[totalUploads] = 1
		size, _ := d.Event.Data["fileSize"].(float64) // as JSON has it
		counts[totalUploadedBytes] = int64(size)
	}
	return counts
}

// Totals reads what was counted, in one Query.
func (c *Catalog) Totals(ctx context.Context) (t registry.Totals, err error) {
	items, err := c.partition(ctx, totalKey("", 0).Partition)
	for _, it := range items {
		name, _, _ := strings.Cut(it.Sort, "#")
		if field := fieldOf(&t, total(name)); field != nil {
			*field += it.Count
		}
	}
	return t, err
}

func fieldOf(t *registry.Totals, name total) *int64 {
	return map[total]*int64{
		totalAccounts: &t.Accounts, totalOrganizations: &t.Organizations, totalBoxes: &t.Boxes,
		totalUploads: &t.Uploads, totalUploadedBytes: &t.UploadedBytes, totalRemovedBytes: &t.RemovedBytes,
		totalDownloads: &t.Downloads, totalDelivered: &t.Delivered,
		totalDeliveriesFailed: &t.DeliveriesFailed, totalDeliveriesParked: &t.DeliveriesParked,
	}[name]
}
