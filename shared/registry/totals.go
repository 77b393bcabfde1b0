package registry

// Totals are numbers over the whole life of a registry, whichever process did the work.
type Totals struct {
	// There are so many of these now.
	Accounts, Organizations, Boxes int64
	// These only grow. A file that was stored counts once, and so does a download that was begun.
	Uploads, Downloads int64
	// UploadedBytes were stored and verified; RemovedBytes of them are deleted again.
	UploadedBytes, RemovedBytes int64
	// Deliveries of webhooks: that arrived, attempts that failed, and those that were given up.
	Delivered, DeliveriesFailed, DeliveriesParked int64
}

// StoredBytes is what the files take that are stored now.
func (t Totals) StoredBytes() int64 { return t.UploadedBytes - t.RemovedBytes }
