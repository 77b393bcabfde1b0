package registry

import "time"

// Watch is the wish of an account to hear of new versions of a box.
type Watch struct {
	Account ID `json:"account"`
	Box     ID `json:"box"`
	// Home is where the box keeps its versions; see Box.Home. It finds the box, whatever its name.
	Home      string    `json:"home"`
	CreatedAt time.Time `json:"createdAt"`

	Revision
}
