package core

import (
	"runtime"
	"runtime/debug"

	"github.com/boxvault/boxvault/shared/api"
)

// Build reads from the running program what it was made of. A program that was not built inside a
// repository knows its Go version only.
func Build() api.Build {
	b := api.Build{Go: runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.time":
			b.Time = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}
