//go:build unix

package embedded

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// ownAs gives a file the owner that another one has, when root writes it: the registry has to read it.
func ownAs(path, like string) error {
	info, err := os.Stat(like)
	if errors.Is(err, fs.ErrNotExist) || os.Geteuid() != 0 {
		return nil
	}
	if err != nil {
		return err
	}
	was := info.Sys().(*syscall.Stat_t)
	return os.Chown(path, int(was.Uid), int(was.Gid))
}

// lockFile waits for the lock of a file or folder, which goes with the process that has it.
func lockFile(f *os.File) error { return unix.Flock(int(f.Fd()), unix.LOCK_EX) }

// syncDir waits until the names in a folder are on the disk.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
