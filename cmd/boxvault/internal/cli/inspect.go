package cli

import (
	"errors"
	"fmt"
	"os"

	"github.com/boxvault/boxvault/shared/boxfile"
	"github.com/boxvault/boxvault/shared/registry"
)

// localBox is a local file and where it belongs.
type localBox struct {
	path                   string
	provider, architecture string
}

// inspect looks into the files before anything is sent.
func (o *pushOptions) inspect() ([]localBox, error) {
	var sources []localBox
	for _, path := range o.files {
		contents, err := look(path)
		if err != nil {
			return nil, err
		}
		s, err := o.place(path, contents)
		if err != nil {
			return nil, err
		}
		sources = append(sources, s)
	}
	return sources, distinct(sources)
}

// look tells what a file is.
func look(path string) (c boxfile.Contents, err error) {
	f, err := os.Open(path)
	if err != nil {
		return c, usageError{err}
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return c, err
	}
	if !info.Mode().IsRegular() {
		return c, usageError{fmt.Errorf("%s is not a file", path)}
	}
	if info.Size() == 0 {
		return c, usageError{fmt.Errorf("%s is empty", path)}
	}
	c, err = boxfile.InspectAt(f, info.Size())
	if err != nil {
		return c, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}

// place finds out where a file belongs: what the flags say goes before what the file says, but
// must not contradict it.
func (o *pushOptions) place(path string, c boxfile.Contents) (localBox, error) {
	s := localBox{path: path, provider: o.provider, architecture: o.architecture}
	switch {
	case s.provider == "" && c.Kind != boxfile.Box:
		return s, hint(usageError{fmt.Errorf("%s: cannot tell its provider: %s", path, c.Note)},
			"say --provider NAME to publish it all the same")
	case s.provider == "":
		s.provider = c.Provider
	case c.Kind == boxfile.Box && c.Provider != s.provider:
		return s, usageError{fmt.Errorf("%s is a box for %s, not for %s", path, c.Provider, s.provider)}
	}
	if s.architecture == "" {
		s.architecture = c.Architecture
	}
	if s.architecture == "" {
		s.architecture = registry.UnknownArchitecture
	}
	return s, s.check()
}

func (s localBox) check() error {
	if err := registry.CheckName(s.provider); err != nil {
		return usageError{fmt.Errorf("%s: provider %q %w", s.path, s.provider, err)}
	}
	if err := registry.CheckArchitectureName(s.architecture); err != nil {
		return usageError{fmt.Errorf("%s: architecture %q %w", s.path, s.architecture, err)}
	}
	return nil
}

// distinct makes sure that no file is to replace another one of the same push.
func distinct(sources []localBox) error {
	first := map[string]string{}
	for _, s := range sources {
		place := registry.Fold(s.provider + "/" + s.architecture)
		if other, taken := first[place]; taken {
			return hint(usageError{errors.New(other + " and " + s.path + " are both for " + place)},
				"push them one by one, with --architecture")
		}
		first[place] = s.path
	}
	return nil
}
