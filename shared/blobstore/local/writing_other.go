//go:build !linux

package local

import "os"

// startWriting leaves the writing to the fsync in the end.
func startWriting(*os.File, int64, int64) {}
