//go:build !unix

package embedded

import "os"

// lockFile does nothing: of two rotations at a time, the last one counts.
func lockFile(*os.File) error { return nil }

// ownAs does nothing: here a file belongs to the folder that it is in.
func ownAs(*os.File, *os.Root, string) error { return nil }

// syncDir does nothing: a folder cannot be flushed here.
func syncDir(*os.Root) error { return nil }
