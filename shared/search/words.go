// Package search says what a box is found by and what a search wants of it. It knows no store: the
// catalog keeps the lists that are described here, and reads them.
package search

import (
	"slices"
	"strings"
	"unicode"
)

// maxWord is how many letters of a word count: words that begin with the same ones are one word.
const maxWord = 16

// minPrefix is the shortest beginning of a word that finds it.
const minPrefix = 2

// Words are the different words of a text, in lower case, in the order they come: letters and digits
// of any script, everything else parts them.
func Words(text string) (list []string) {
	for _, word := range strings.FieldsFunc(strings.ToLower(text), parts) {
		if word = cut(word, maxWord); !slices.Contains(list, word) {
			list = append(list, word)
		}
	}
	return list
}

func parts(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }

// cut is the first letters of a word.
func cut(word string, letters int) string {
	for i := range word {
		if letters--; letters < 0 {
			return word[:i]
		}
	}
	return word
}

// prefixes are the beginnings of a word that find it, less the word itself.
func prefixes(word string) (list []string) {
	for i := range word {
		if len([]rune(word[:i])) >= minPrefix {
			list = append(list, word[:i])
		}
	}
	return list
}

// startsWord reports whether a word of a folded name begins with w, or is w where that is too short
// to be a beginning.
func startsWord(name, w string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(name, parts), func(word string) bool {
		return word == w || strings.HasPrefix(word, w) && len([]rune(w)) >= minPrefix
	})
}

// has reports whether a word is in a list of words that are parted by spaces.
func has(list, word string) bool {
	for one := range strings.FieldsSeq(list) {
		if one == word {
			return true
		}
	}
	return false
}
