//go:build unix

package embedded

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// ownAs gives a file the owner that another one of the folder has, when root writes it: the registry has to read it.
func ownAs(f *os.File, folder *os.Root, like string) error {
	info, err := folder.Lstat(like)
	if errors.Is(err, fs.ErrNotExist) || os.Geteuid() != 0 {
		return nil
	}
	if err != nil {
		return err
	}
	was := info.Sys().(*syscall.Stat_t)
	return f.Chown(int(was.Uid), int(was.Gid))
}

// lockFile waits for the lock of a file or folder, which goes with the process that has it.
func lockFile(f *os.File) error { return unix.Flock(int(f.Fd()), unix.LOCK_EX) }

// syncDir waits until the names in a folder are on the disk.
func syncDir(folder *os.Root) error {
	d, err := folder.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
