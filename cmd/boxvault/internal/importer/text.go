package importer

import "strings"

// How many characters the registry's texts have at the most.
const (
	maxShort       = 255
	maxDescription = 4096
	maxLong        = 64 << 10
)

// texts are a description and the longer text beside it. A description that is longer than the registry
// takes is cut, and whole in the longer text, if there is none.
func texts(description, long string) (short, rest *string) {
	if long == "" && len([]rune(description)) > maxDescription {
		long = description
	}
	return set(cut(description, maxDescription)), set(cut(long, maxLong))
}

// cut makes a text one that the registry takes.
func cut(text string, max int) string {
	runes := []rune(strings.ReplaceAll(text, "\x00", ""))
	if len(runes) <= max {
		return string(runes)
	}
	return string(runes[:max-1]) + "…"
}

func set(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
