package boxfile

import (
	"archive/tar"
	"fmt"
	"path"
	"strings"
)

// listing is what the names of an archive's entries tell.
type listing struct {
	nested string // the first metadata.json that lies in a folder: a common mistake
	legacy bool   // box.ovf is at the top
}

// add takes the next entry and reports whether it is the box's metadata.json. The error is a
// *Refused for a name that leads out of the archive, or a note.
func (l *listing) add(name string, regular bool) (bool, error) {
	if err := checkPath(name); err != nil {
		return false, err
	}
	switch clean := path.Clean(slashed(name)); {
	case clean == metadataName && !regular:
		return false, note("metadata.json is not a regular file.")
	case clean == metadataName:
		return true, nil
	case clean == "box.ovf" && regular:
		l.legacy = true
	case path.Base(clean) == metadataName && l.nested == "":
		l.nested = clean
	}
	return false, nil
}

// withoutMetadata is the result for an archive that was read to its end. Vagrant takes a box.ovf
// without metadata.json for a box of Vagrant 1.0, which knew VirtualBox only (v1_upgrade in its
// box_collection.rb).
func (l *listing) withoutMetadata(c Contents) (Contents, error) {
	switch {
	case l.legacy:
		c.Kind, c.Provider = Box, "virtualbox"
		c.Note = "There is no metadata.json, but a box.ovf: Vagrant takes this for a virtualbox box of its 1.0 format."
		return c, nil
	case l.nested != "":
		return c, note(fmt.Sprintf("metadata.json must be at the top of the archive, it is at %.100q.", l.nested))
	default:
		return c, note("The archive has no metadata.json.")
	}
}

// slashed is a name as Vagrant unpacks it: it has bsdtar turn backslashes into slashes
// (box_collection.rb).
func slashed(name string) string { return strings.ReplaceAll(name, `\`, "/") }

// checkPath refuses a name that leads out of the folder an archive is unpacked in, on any system.
func checkPath(name string) error {
	s := slashed(name)
	if isAbsolute(s) {
		return &Refused{Reason: fmt.Sprintf("the entry %.100q has an absolute path", name)}
	}
	for segment := range strings.SplitSeq(s, "/") {
		if segment == ".." {
			return &Refused{Reason: fmt.Sprintf("the entry %.100q leads out of the archive", name)}
		}
	}
	return nil
}

// checkLink refuses a link that leads out: a later entry could be written through it.
func checkLink(hdr *tar.Header) error {
	target := slashed(hdr.Linkname)
	switch hdr.Typeflag {
	case tar.TypeLink: // counted from the top
	case tar.TypeSymlink: // counted from the link
		if !isAbsolute(target) {
			target = path.Join(path.Dir(slashed(hdr.Name)), target)
		}
	default:
		return nil
	}
	if clean := path.Clean(target); isAbsolute(clean) || clean == ".." || strings.HasPrefix(clean, "../") {
		return &Refused{Reason: fmt.Sprintf("the entry %.100q is a link out of the archive, to %.100q", hdr.Name, hdr.Linkname)}
	}
	return nil
}

// isAbsolute also knows Windows drives.
func isAbsolute(slashed string) bool {
	if strings.HasPrefix(slashed, "/") {
		return true
	}
	return len(slashed) >= 2 && slashed[1] == ':' && isLetter(slashed[0])
}

func isLetter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }
