package smtp

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"
)

// Open returns a Sender for a server in one line of settings, see ParseURL. Mail is from `from`, or
// from whom the line says. Its error has nothing of the line in it.
func Open(line, from string) (*Sender, error) {
	c, err := ParseURL(line)
	if err != nil {
		return nil, err
	}
	c.From = cmp.Or(from, c.From)
	wrong := c.Check()
	if len(wrong) == 0 {
		return New(c)
	}
	var words []string
	for _, field := range slices.Sorted(maps.Keys(wrong)) {
		words = append(words, field+" "+wrong[field])
	}
	return nil, errors.New(strings.Join(words, "; "))
}
