package hcp

import (
	"encoding/base64"
	"slices"

	"github.com/boxvault/boxvault/shared/registry"
)

// Page is the part of a list that is asked for. Lists are read forwards only.
type Page struct {
	// Size is the most to answer with; 0, and what is more than one page has, is as many as one page has.
	Size int64  `query:"pagination.page_size" json:"-" schema:"minimum=0"`
	Next string `query:"pagination.next_page_token" json:"-"`
	// Previous must be left out.
	Previous string `query:"pagination.previous_page_token" json:"-" schema:"maxLength=0"`
}

// How much a page has. What is expanded costs a call of the store for each box.
const (
	fullPage     = 100
	expandedPage = 10
)

// start checks what was asked for; it returns how much the page has, and what it comes behind.
func (p Page) start(most int) (size int, after string, err error) {
	var wrong registry.Fields
	p.check(&wrong)
	raw, err := base64.RawURLEncoding.DecodeString(p.Next)
	if err != nil || p.Next != "" && registry.CheckText(string(raw), registry.MaxName) != nil {
		wrong.Add("pagination.next_page_token", strayToken)
	}
	if p.Size == 0 || p.Size > int64(most) {
		return most, string(raw), wrong.Err()
	}
	return int(p.Size), string(raw), wrong.Err()
}

func (p Page) check(wrong *registry.Fields) {
	if p.Size < 0 {
		wrong.Add("pagination.page_size", "must not be negative")
	}
	if p.Previous != "" {
		wrong.Add("pagination.previous_page_token", "is not known here: lists are read forwards")
	}
}

const strayToken = "is none that this list has given: begin at its first page"

// goesOn is where a list goes on behind the last thing of a page.
func goesOn(last string) Pagination {
	return Pagination{base64.RawURLEncoding.EncodeToString([]byte(last))}
}

// part is a page of a list whose things have keys.
func part[T any](p Page, list []T, key func(T) string) ([]T, Pagination, error) {
	size, after, err := p.start(fullPage)
	if err != nil {
		return nil, Pagination{}, err
	}
	if after != "" {
		i := slices.IndexFunc(list, func(one T) bool { return key(one) == after })
		if i < 0 {
			return nil, Pagination{}, registry.Wrong("pagination.next_page_token", strayToken)
		}
		list = list[i+1:]
	}
	if len(list) <= size {
		return list, Pagination{}, nil
	}
	return list[:size], goesOn(key(list[size-1])), nil
}
