// Command generate writes the files that are made from the rows. It is run at the top of the
// module:
//
//	go run ./functions/generate          writes them
//	go run ./functions/generate -check   names those that differ from the rows, and exits 1
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/boxvault/boxvault/functions"
	"github.com/boxvault/boxvault/functions/cost"
	"github.com/boxvault/boxvault/functions/openapi"
	"github.com/boxvault/boxvault/functions/template"
)

//go:generate go run . -dir ../..

// file is a generated file; its path is relative to the top of the module.
type file struct {
	path    string
	content func() ([]byte, error)
}

var files = []file{
	{"template.yaml", func() ([]byte, error) { return template.SAM(functions.Groups()), nil }},
	{"docs/api.md", func() ([]byte, error) { return reference(), nil }},
	{"docs/cost.md", func() ([]byte, error) { return cost.Page(), nil }},
	{"functions/description/openapi.json", description},
}

// description is made from the rows and from the comments in the source around the working folder.
func description() ([]byte, error) {
	top, err := os.Getwd()
	for err == nil && !isModule(top) && top != filepath.Dir(top) {
		top = filepath.Dir(top)
	}
	if err != nil {
		return nil, err
	}
	return openapi.Make(functions.Groups(), top)
}

func isModule(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil
}

func main() {
	check := flag.Bool("check", false, "write nothing, name the files that are stale")
	dir := flag.String("dir", ".", "the top of the module")
	flag.Parse()
	do := write
	if *check {
		do = fresh
	}
	if err := do(*dir, files); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func write(dir string, files []file) error {
	for _, f := range files {
		path := filepath.Join(dir, f.path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		content, err := f.content()
		if err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// fresh returns an error that names every file that is not what write would make it.
func fresh(dir string, files []file) error {
	var stale []error
	for _, f := range files {
		have, err := os.ReadFile(filepath.Join(dir, f.path))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		content, err := f.content()
		if err != nil {
			return err
		}
		if !bytes.Equal(have, content) {
			stale = append(stale, fmt.Errorf("%s is stale: run go generate ./functions/generate", f.path))
		}
	}
	return errors.Join(stale...)
}
