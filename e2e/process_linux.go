package e2e

import "syscall"

// endWithParent has a child killed when the test process goes away, however it does: a test that
// panics or times out cleans nothing up.
func endWithParent() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
