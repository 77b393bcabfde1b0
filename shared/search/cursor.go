package search

import (
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/boxvault/boxvault/shared/registry"
)

// Place is where a box stands in a list of an order: as text, places sort as their numbers do, and no
// two boxes have the same one.
func Place(value int64, box registry.ID) string { return fmt.Sprintf("%015d#%s", value, box) }

var place = regexp.MustCompile(`^\d{15}#\d{1,16}$`)

// Next is the After of the page behind a place. A place stays where it is when boxes come and go, so
// no box that was there all the time is shown twice or left out.
func (q Query) Next(place string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(string(q.Sort) + " " + place))
}

// Behind is the place that the page begins behind; empty for the first page.
func (q Query) Behind() (string, error) {
	if q.After == "" {
		return "", nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(q.After)
	by, at, _ := strings.Cut(string(raw), " ")
	switch {
	case err != nil || !place.MatchString(at):
		return "", errors.New("is not what a page was followed by")
	case by != string(q.Sort):
		return "", errors.New("is of another order")
	default:
		return at, nil
	}
}
