package cli

import (
	"cmp"
	"fmt"
	"time"

	"github.com/boxvault/boxvault/shared/api"
)

// The words that tables have for the values of the API.

func visibility(b api.Box) string {
	if b.IsPublic {
		return "public"
	}
	return "private"
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// status is what there is to know before one takes a version.
func status(v api.Version) string {
	if v.Deprecated {
		return v.Status + ", deprecated"
	}
	return v.Status
}

func short(b api.Box) string { return cmp.Or(b.ShortDescription, b.Description) }

func date(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format(time.DateOnly)
}

// size is a number of bytes as people say it: 1.5 GiB.
func size(n int64) string {
	const units = "KMGTPE"
	if n < 1024 {
		return fmt.Sprintf("%d B", n)
	}
	value, unit := float64(n)/1024, 0
	for value >= 1023.95 && unit < len(units)-1 { // would be printed as 1024.0
		value, unit = value/1024, unit+1
	}
	return fmt.Sprintf("%.1f %ciB", value, units[unit])
}
