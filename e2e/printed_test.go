package e2e

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

// example is a section of testdata/api-examples.md.
type example struct {
	title    string
	commands []string
	answer   string // JSON that the page prints as the answer; empty when it prints none
}

var fenced = regexp.MustCompile("(?s)```(bash|json)\n(.*?)\n```")

// readExamples reads the sections of the page, in order.
func readExamples(t *testing.T) (list []example) {
	t.Helper()
	page := string(must[[]byte](t)(os.ReadFile("testdata/api-examples.md")))
	for _, section := range strings.Split(page, "\n## ")[1:] {
		title, _, _ := strings.Cut(section, "\n")
		e := example{title: title}
		for _, block := range fenced.FindAllStringSubmatch(section, -1) {
			if block[1] == "json" {
				e.answer = block[2]
			} else {
				e.commands = blankLine.Split(block[2], -1)
			}
		}
		list = append(list, e)
	}
	return list
}

var blankLine = regexp.MustCompile(`\n\s*\n`)

// wrapped are the blanks that the page has in the middle of two URLs, where it wraps them.
var wrapped = regexp.MustCompile(`/ {2,}`)

// words are what stands in for the host, the names and the tokens of a printed text.
type words map[string]string

func (w words) in(text string) string {
	var pairs []string
	for printed, ours := range w {
		pairs = append(pairs, printed, ours)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// missing lists what a printed answer has and a real one lacks: members that are not there or are
// of another type and, when values count, that have another value.
func missing(printed, real any, values bool) (list []string) {
	switch printed := printed.(type) {
	case map[string]any:
		object, _ := real.(map[string]any)
		for name, value := range printed {
			for _, lack := range missing(value, object[name], values) {
				list = append(list, name+": "+lack)
			}
		}
	case []any:
		array, _ := real.([]any)
		if !values {
			printed = printed[:1] // how many there are is a value
		}
		for i, value := range printed {
			if i >= len(array) {
				return append(list, fmt.Sprintf("only %d elements", len(array)))
			}
			list = append(list, missing(value, array[i], values)...)
		}
	default:
		if fmt.Sprintf("%T", printed) != fmt.Sprintf("%T", real) || values && printed != real {
			return []string{fmt.Sprintf("%v (%[1]T), want one like %v", real, printed)}
		}
	}
	return list
}
