package main

import (
	"errors"
	"fmt"
	"os"
	"sync"
)

// logFile is a file at a path that others may move away while it is written to, as logrotate does:
// the next line then goes into a new file at that path. No signal is needed.
type logFile struct {
	path string

	mu   sync.Mutex
	file *os.File
}

func openLogFile(path string) (*logFile, error) {
	f := &logFile{path: path}
	if err := f.open(); err != nil {
		return nil, fmt.Errorf("open the log: %w", err)
	}
	return f, nil
}

// open is for the group to read as well: whoever ships logs is another user.
func (f *logFile) open() error {
	file, err := os.OpenFile(f.path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o640)
	if err != nil {
		return err
	}
	if f.file != nil {
		err = f.file.Close()
	}
	f.file = file
	return err
}

// Write appends a line. As long as no new file can be made, the old one is written to.
func (f *logFile) Write(line []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var moved error
	if f.moved() {
		moved = f.open()
	}
	n, err := f.file.Write(line)
	return n, errors.Join(moved, err)
}

// moved reports whether the path is that of another file by now, or of none.
func (f *logFile) moved() bool {
	ours, err := f.file.Stat()
	if err != nil {
		return true
	}
	there, err := os.Stat(f.path)
	return err != nil || !os.SameFile(ours, there)
}

// Close closes the file.
func (f *logFile) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.file.Close()
}
