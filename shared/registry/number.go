package registry

import (
	"cmp"
	"errors"
	"regexp"
	"strings"
)

// Number is a version number as Vagrant takes it: Ruby's Gem::Version pattern. One number that
// does not match makes a whole box unusable for Vagrant, so none gets in.
type Number string

// numberPattern is Gem::Version::VERSION_PATTERN.
var numberPattern = regexp.MustCompile(`^[0-9]+(\.[0-9a-zA-Z]+)*(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$`)

// ParseNumber reads a version number. A leading v is dropped: CI sends the name of a tag.
func ParseNumber(s string) (Number, error) {
	bare := s
	if s != "" && (s[0] == 'v' || s[0] == 'V') {
		bare = s[1:]
	}
	if len(bare) > MaxName || !numberPattern.MatchString(bare) {
		return "", errors.New("must be a version number such as 1.2.3, 20241101.0 or 1.0.0-rc1")
	}
	return Number(bare), nil
}

// Key is equal for numbers that Vagrant takes for the same version: 1.0 and 1.0.0.
func (n Number) Key() string {
	key := strings.Join(n.segments(), ".")
	if key == "" {
		return "0"
	}
	return key
}

// Compare orders version numbers as Gem::Version#<=> does: -1, 0 or 1. A word sorts before a
// number, so 1.0.0-rc1 comes before 1.0.0.
func (n Number) Compare(other Number) int {
	a, b := n.segments(), other.segments()
	for i := range max(len(a), len(b)) {
		if c := compareSegments(segment(a, i), segment(b, i)); c != 0 {
			return c
		}
	}
	return 0
}

func segment(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return "0"
}

func compareSegments(a, b string) int {
	aNumber, bNumber := isDigit(a[0]), isDigit(b[0])
	switch {
	case aNumber && bNumber:
		// Without leading zeros the longer number is the larger one, at any length.
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	case aNumber:
		return 1
	case bNumber:
		return -1
	default:
		return cmp.Compare(a, b)
	}
}

var segmentPattern = regexp.MustCompile(`[0-9]+|[a-zA-Z]+`)

// segments are Gem::Version#canonical_segments: runs of digits (without leading zeros) and of
// letters, where `-` reads as `.pre.`, and zeros at the end of the release part and of the
// pre-release part do not count.
func (n Number) segments() []string {
	all := segmentPattern.FindAllString(strings.ReplaceAll(string(n), "-", ".pre."), -1)
	split := len(all)
	for i, s := range all {
		if isDigit(s[0]) {
			all[i] = cmp.Or(strings.TrimLeft(s, "0"), "0")
		} else if i < split {
			split = i
		}
	}
	release, pre := dropZeros(all[:split]), dropZeros(all[split:])
	return append(release[:len(release):len(release)], pre...)
}

func dropZeros(list []string) []string {
	for len(list) > 0 && list[len(list)-1] == "0" {
		list = list[:len(list)-1]
	}
	return list
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
