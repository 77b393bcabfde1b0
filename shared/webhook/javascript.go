package webhook

import (
	"bytes"
	"cmp"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"
)

// stringify is JavaScript's JSON.stringify(JSON.parse(raw)) in UTF-8, but that half of a surrogate
// pair becomes U+FFFD. Doing it twice changes nothing, neither here nor in JavaScript.
// Source: ECMA-262, JSON.stringify (SerializeJSONProperty, QuoteJSONString).
func stringify(raw []byte) ([]byte, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	return appendValue(nil, d)
}

func appendValue(dst []byte, d *json.Decoder) ([]byte, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case json.Delim:
		if t == '[' {
			return appendArray(dst, d)
		}
		return appendObject(dst, d)
	case string:
		return appendString(dst, t), nil
	case json.Number:
		return appendNumber(dst, t), nil
	case bool:
		return strconv.AppendBool(dst, t), nil
	}
	return append(dst, "null"...), nil
}

func appendArray(dst []byte, d *json.Decoder) (_ []byte, err error) {
	dst = append(dst, '[')
	for i := 0; d.More(); i++ {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, err = appendValue(dst, d); err != nil {
			return nil, err
		}
	}
	_, err = d.Token()
	return append(dst, ']'), err
}

// member is a member of an object; its value is written already.
type member struct {
	name  string
	value []byte
}

func appendObject(dst []byte, d *json.Decoder) ([]byte, error) {
	members, err := readMembers(d)
	if err != nil {
		return nil, err
	}
	dst = append(dst, '{')
	for i, m := range members {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendString(dst, m.name), ':')
		dst = append(dst, m.value...)
	}
	return append(dst, '}'), nil
}

// readMembers reads an object as JavaScript holds it: names that are array indexes come first, in
// the order of the numbers, the others as they came. Of a name that comes twice the first place and
// the last value count. Source: ECMA-262, OrdinaryOwnPropertyKeys.
func readMembers(d *json.Decoder) (members []member, err error) {
	place := map[string]int{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		value, err := appendValue(nil, d)
		if err != nil {
			return nil, err
		}
		name := token.(string)
		at, twice := place[name]
		if !twice {
			at = len(members)
			place[name] = at
			members = append(members, member{name: name})
		}
		members[at].value = value
	}
	slices.SortStableFunc(members, func(a, b member) int { return cmp.Compare(rank(a.name), rank(b.name)) })
	_, err = d.Token()
	return members, err
}

// rank is the place of a name in its object: an array index is its own, all others come behind.
func rank(name string) uint64 {
	index, err := strconv.ParseUint(name, 10, 32)
	if err != nil || strconv.FormatUint(index, 10) != name {
		return math.MaxUint32
	}
	return index
}

// appendNumber writes a number as JavaScript holds it, a float64.
// Source: ECMA-262, Number::toString.
func appendNumber(dst []byte, n json.Number) []byte {
	f, _ := strconv.ParseFloat(string(n), 64) // out of range it is infinite
	size := math.Abs(f)
	switch {
	case math.IsInf(f, 0):
		return append(dst, "null"...)
	case f == 0: // and so is -0
		return append(dst, '0')
	case size >= 1e-6 && size < 1e21:
		return strconv.AppendFloat(dst, f, 'f', -1, 64)
	}
	dst = strconv.AppendFloat(dst, f, 'e', -1, 64)
	// Go writes e-07 where JavaScript writes e-7.
	if end := len(dst) - 2; dst[end] == '0' && dst[end-1] == '-' {
		dst = slices.Delete(dst, end, end+1)
	}
	return dst
}

// short are the characters that have an escape of one letter.
var short = map[rune]byte{'"': '"', '\\': '\\', '\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't'}

func appendString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for _, r := range s {
		if letter, ok := short[r]; ok {
			dst = append(dst, '\\', letter)
		} else if r < ' ' {
			dst = append(dst, '\\', 'u', '0', '0', hex[r>>4], hex[r&15])
		} else {
			dst = utf8.AppendRune(dst, r)
		}
	}
	return append(dst, '"')
}
