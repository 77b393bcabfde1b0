package api

import (
	"net/http"
	"time"
)

// Health says that the registry is up.
type Health struct {
	Status    string    `json:"status"` // ok
	Timestamp time.Time `json:"timestamp"`
	Version   string    `json:"version"`
}

// Status tells how the registry and what it depends on are.
type Status struct {
	Status    string    `json:"status"` // ok, or error when a dependency is broken
	Timestamp time.Time `json:"timestamp"`
	Version   string    `json:"version"`
	Build     Build     `json:"build"`
	StartedAt time.Time `json:"startedAt"`
	// Uptime in seconds; of one function where there are many.
	Uptime int64 `json:"uptime"`
	// Dependencies are records and files.
	Dependencies map[string]Dependency `json:"dependencies"`
}

// The words for how something is.
const (
	StatusOK    = "ok"
	StatusError = "error"
)

// HTTPStatus returns 503 when a dependency is broken.
func (s Status) HTTPStatus() int {
	if s.Status == StatusError {
		return http.StatusServiceUnavailable
	}
	return http.StatusOK
}

// Build tells which program answers. What is not known is left out.
type Build struct {
	Commit string `json:"commit,omitempty"`
	// Time of the commit, RFC 3339.
	Time string `json:"time,omitempty"`
	// Modified tells that the program is not just what the commit says.
	Modified bool   `json:"modified,omitempty"`
	Go       string `json:"go"`
}

// Dependency is something that the registry cannot do without.
type Dependency struct {
	Status string `json:"status"` // ok or error
	// Latency of a small request to it, in milliseconds.
	Latency float64 `json:"latencyMs"`
	// Error is what went wrong; platform admins see it.
	Error string `json:"error,omitempty"`
}

// SetupStatus tells whether anybody has signed up yet.
type SetupStatus struct {
	SetupComplete bool `json:"setupComplete"`
	// Signup is who may make an account: open (anyone) or invite.
	Signup string `json:"signup"`
}

// Storage tells where the room goes.
type Storage struct {
	Boxes *Volume `json:"boxes"`
	// ISOs is always null: there is no store of ISO images.
	ISOs *Volume `json:"isos"`
}

// Volume is a device with files on it. All numbers are bytes.
type Volume struct {
	// Path is the folder; empty where the files are in no folder.
	Path string `json:"path"`
	// Total and Free are null where there is no bound, or none that is known.
	Total *int64 `json:"total"`
	Free  *int64 `json:"free"`
	// Used is what is taken of the device, by whatever is on it.
	Used int64 `json:"used"`
	// Stored is what the box files take.
	Stored int64 `json:"stored"`
}
