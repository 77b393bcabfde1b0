//go:build !unix

package local

import "os"

// lockFile does nothing: only one process may open the folder, and here nothing sees to it.
func lockFile(*os.File) error { return nil }

// syncDir does nothing: a folder cannot be flushed here.
func syncDir(string) error { return nil }
