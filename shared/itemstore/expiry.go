package itemstore

import "time"

// Expiry is Item.Expires as a store keeps it: seconds since 1970, 0 for never. It is also what
// DynamoDB's time to live wants to see.
type Expiry int64

// ExpiryOf drops the fraction of the second. A time before 1970 becomes its first second, which
// has passed just as well and is not taken for never.
func ExpiryOf(t time.Time) Expiry {
	if t.IsZero() {
		return 0
	}
	return Expiry(max(1, t.Unix()))
}

// Time is the inverse of ExpiryOf, in UTC.
func (e Expiry) Time() time.Time {
	if e == 0 {
		return time.Time{}
	}
	return time.Unix(int64(e), 0).UTC()
}

// Passed reports whether an item with this expiry is gone at now.
func (e Expiry) Passed(now time.Time) bool { return e != 0 && int64(e) <= now.Unix() }
