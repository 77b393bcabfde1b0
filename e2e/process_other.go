//go:build !linux

package e2e

import "syscall"

// endWithParent does nothing: only Linux can tie a child to its parent.
func endWithParent() *syscall.SysProcAttr { return nil }
