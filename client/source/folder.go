package source

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/boxvault/boxvault/client"
	"github.com/boxvault/boxvault/shared/boxfile"
	"github.com/boxvault/boxvault/shared/registry"
)

// folder is a folder of box files: BOX/VERSION/PROVIDER[/ARCHITECTURE]/*.box, as HashiCorp's guide for
// leaving Vagrant Cloud lays them out, or files that lie in it side by side and are one version of one box.
type folder struct {
	dir     string
	version string // of the files that lie in it
}

func openFolder(o Options) (Source, error) {
	info, err := os.Stat(o.From)
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s is no folder", o.From)
	}
	return &folder{o.From, o.Version}, err
}

func (d *folder) Boxes(_ context.Context, organization string) ([]string, error) {
	if d.version != "" {
		return nil, registry.Errorf(registry.Invalid, "box files that lie side by side are one box: name it as %s/BOX", organization)
	}
	return folders(d.dir)
}

func (d *folder) Box(_ context.Context, organization, name string) (Box, error) {
	box := Box{Organization: organization, Name: name, Private: true}
	if d.version != "" {
		files, err := boxFiles(d.dir, "", "")
		if err == nil && len(files) == 0 {
			err = registry.Errorf(registry.NotFound, "%s has no file that ends in .box", d.dir)
		}
		box.Versions = []Version{{Number: d.version, Status: registry.Active, Files: files}}
		return box, err
	}
	dir := filepath.Join(d.dir, filepath.Base(name))
	numbers, err := folders(dir)
	if os.IsNotExist(err) {
		return box, registry.Errorf(registry.NotFound, "%s has no folder %s: box files that lie in it side by side need --version", d.dir, name)
	}
	for i := 0; err == nil && i < len(numbers); i++ {
		v := Version{Number: numbers[i], Status: registry.Active}
		v.Files, err = providerFiles(filepath.Join(dir, numbers[i]))
		box.Versions = append(box.Versions, v)
	}
	return box, err
}

// providerFiles are the files of a version: PROVIDER/*.box and PROVIDER/ARCHITECTURE/*.box.
func providerFiles(dir string) (files []File, err error) {
	providers, err := folders(dir)
	if err != nil {
		return nil, err
	}
	for _, provider := range providers {
		in := filepath.Join(dir, provider)
		flat, err := boxFiles(in, provider, "")
		if err != nil {
			return nil, err
		}
		files = append(files, flat...)
		architectures, err := folders(in)
		if err != nil {
			return nil, err
		}
		for _, architecture := range architectures {
			more, err := boxFiles(filepath.Join(in, architecture), provider, architecture)
			if err != nil {
				return nil, err
			}
			files = append(files, more...)
		}
	}
	return files, nil
}

// boxFiles are the files in a folder; what the folder's name does not say of them, they say themselves.
func boxFiles(dir, provider, architecture string) (files []File, err error) {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if e.Type().IsRegular() && strings.HasSuffix(e.Name(), ".box") {
			files = append(files, look(filepath.Join(dir, e.Name()), provider, architecture))
		}
	}
	return files, err
}

// look finds out what a file is for.
func look(path, provider, architecture string) File {
	f := File{Name: filepath.Base(path), Provider: provider, Architecture: architecture, Size: -1}
	f.Open = func(_ context.Context, from int64) (client.Incoming, error) { return openFile(path, from) }
	f.Measure = func(context.Context) int64 { return f.Size }
	in, err := openFile(path, 0)
	if err != nil {
		f.Broken = err
		return f
	}
	defer in.Close()
	f.Size, f.Modified = in.Size(), in.info.ModTime()
	if provider == "" || architecture == "" {
		inside, err := boxfile.InspectAt(in.File, f.Size)
		f.Broken = err
		f.Provider, f.Architecture = cmp.Or(provider, inside.Provider), cmp.Or(architecture, inside.Architecture)
		if f.Provider == "" && err == nil {
			f.Broken = registry.Errorf(registry.Invalid, "cannot tell its provider: %s", inside.Note)
		}
	}
	f.Architecture = known(f.Architecture)
	return f
}

// onDisk is a file that is being read.
type onDisk struct {
	*os.File
	info os.FileInfo
}

func openFile(path string, from int64) (*onDisk, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil {
		_, err = f.Seek(from, io.SeekStart)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return &onDisk{f, info}, nil
}

// Size is the file's when it was opened.
func (f *onDisk) Size() int64 { return f.info.Size() }

// folders are the names of the folders in a folder.
func folders(dir string) (names []string, err error) {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			names = append(names, e.Name())
		}
	}
	return names, err
}
