package importer

import (
	"cmp"
	"strings"
)

// State is what became of something, or is going to.
type State string

// The states of an Item.
const (
	ToImport State = "to import"
	There    State = "already there"
	Imported State = "imported"
	Failed   State = "failed"
	// Held is for a version that stays unreleased because not all of its files are there.
	Held State = "held back"
)

// Item is a file of an import; or a version, or a box, of which there is more to say than of its files.
type Item struct {
	Box          string `json:"box"` // ORG/BOX, at the registry
	Version      string `json:"version,omitempty"`
	Provider     string `json:"provider,omitempty"`
	Architecture string `json:"architecture,omitempty"`
	// File is the file's name at the source, where it has one.
	File  string `json:"file,omitempty"`
	State State  `json:"state"`
	// Size in bytes; null while it is not known.
	Size *int64 `json:"size"`
	// Error says why it failed, Note what else is worth knowing.
	Error string `json:"error,omitempty"`
	Note  string `json:"note,omitempty"`
}

// Name is what the item is, for people: acme/debian12 1.0.0 virtualbox/amd64.
func (i Item) Name() string {
	words := []string{i.Box}
	if i.Version != "" {
		words = append(words, i.Version)
	}
	if i.Provider != "" {
		words = append(words, i.Provider+"/"+i.Architecture)
	} else if i.File != "" {
		words = append(words, i.File)
	}
	return strings.Join(words, " ")
}

// IsFile tells a file from a version or a box.
func (i Item) IsFile() bool { return i.Provider != "" }

// Summary adds items up.
type Summary struct {
	Boxes        int `json:"boxes"`
	Versions     int `json:"versions"`
	ToImport     int `json:"toImport"` // files
	AlreadyThere int `json:"alreadyThere"`
	Imported     int `json:"imported"`
	Failed       int `json:"failed"` // files, versions and boxes
	// Bytes are those of the files that are to be imported; of Unknown files nobody told.
	Bytes   int64 `json:"bytes"`
	Unknown int   `json:"unknownSizes"`
	// ImportedBytes are those of the files that were.
	ImportedBytes int64 `json:"importedBytes"`
}

// Summarize adds items up.
func Summarize(items []Item) (s Summary) {
	boxes, versions := map[string]bool{}, map[string]bool{}
	for _, i := range items {
		boxes[i.Box] = true
		if i.Version != "" {
			versions[i.Box+" "+i.Version] = true
		}
		s.count(i)
	}
	s.Boxes, s.Versions = len(boxes), len(versions)
	return s
}

func (s *Summary) count(i Item) {
	if i.State == Failed {
		s.Failed++
	}
	if !i.IsFile() {
		return
	}
	switch i.State {
	case There:
		s.AlreadyThere++
	case Imported:
		s.Imported++
		s.ImportedBytes += *i.Size
	case ToImport:
		s.ToImport++
		if i.Size == nil {
			s.Unknown++
		} else {
			s.Bytes += *i.Size
		}
	}
}

// reason is what an error says, in one line.
func reason(err error) string {
	return cmp.Or(strings.Join(strings.Fields(err.Error()), " "), "unknown error")
}
